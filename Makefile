.PHONY: build test format bench

build: ## everything but the tests
	mvn -B -ntp -q package -DskipTests

test: ## what CI runs, after installing what it needs
	mvn -B -ntp verify

format: ## put the code into the one format that the build accepts
	mvn -B -ntp -q spotless:apply

bench: ## measure this library beside Node's socket.io and netty-socketio; takes minutes
	benchmarks/run.sh
