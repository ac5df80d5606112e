package dev.realtime.internal.engineio;

/**
 * A task that one thread at a time runs. Whoever asks for it while it runs has it run once more, so that its last look at anything is never an
 * old one.
 */
final class RepeatedTask {
    private final Runnable task;
    // guarded by this
    private boolean running;
    private boolean again;

    RepeatedTask(Runnable task) {
        this.task = task;
    }

    void run() {
        synchronized (this) {
            again = running;
            if (running) {
                return;
            }
            running = true;
        }
        boolean completed = false;
        try {
            do {
                task.run();
            } while (isWantedAgain());
            completed = true;
        } finally {
            if (!completed) {
                stop();
            }
        }
    }

    private synchronized boolean isWantedAgain() {
        running = again;
        again = false;
        return running;
    }

    private synchronized void stop() {
        running = false;
    }
}
