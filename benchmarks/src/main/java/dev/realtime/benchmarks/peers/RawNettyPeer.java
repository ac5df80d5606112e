package dev.realtime.benchmarks.peers;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The limit: Netty alone, on one thread, with the least that the load generator takes for a Socket.IO server. No JSON, no rooms, no recovery, no
 * limits. A broadcast is encoded once, as a ready frame that all recipients share. Every message is flushed by itself; with
 * {@code --consolidate} the flushes of one turn of the event loop are one.
 */
public final class RawNettyPeer {
    private static final String BROADCAST = "42[\"bcast\",";
    private static final String ECHO = "[\"echo\",";
    private static final int FLUSHES = 256;

    private RawNettyPeer() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        boolean consolidate = Control.has(args, "--consolidate");
        ChannelGroup all = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
        new ServerBootstrap()
                .group(new NioEventLoopGroup(1))
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        if (consolidate) {
                            channel.pipeline().addLast(new FlushConsolidationHandler(FLUSHES, true));
                        }
                        channel.pipeline()
                                .addLast(new HttpServerCodec())
                                .addLast(new HttpObjectAggregator(1 << 16))
                                .addLast(new WebSocketServerProtocolHandler("/socket.io/", true))
                                .addLast(new Texts(all));
                    }
                })
                .bind("127.0.0.1", Control.port(args))
                .sync();
        Control.serve();
    }

    private static final class Texts extends SimpleChannelInboundHandler<TextWebSocketFrame> {
        private final ChannelGroup all;

        Texts(ChannelGroup all) {
            this.all = all;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete) {
                write(
                        context,
                        "0{\"sid\":\"" + context.channel().id().asShortText()
                                + "\",\"upgrades\":[],\"pingInterval\":25000,\"pingTimeout\":20000,\"maxPayload\":1000000}");
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, TextWebSocketFrame frame) {
            String text = frame.text();
            if (text.startsWith(BROADCAST)) {
                // The encoder lets bytes pass: what it would do a thousand times is done here once.
                ByteBuf bytes = frame("42[\"msg\"," + text.substring(BROADCAST.length()));
                for (Channel channel : all) {
                    var unused = channel.writeAndFlush(bytes.retainedDuplicate(), channel.voidPromise());
                }
                bytes.release();
            } else if (text.equals("40")) {
                all.add(context.channel());
                write(context, "40{\"sid\":\"" + context.channel().id().asShortText() + "\"}");
            } else if (text.startsWith("42")) {
                int array = text.indexOf(ECHO);
                write(context, "43" + text.substring(2, array) + "[" + text.substring(array + ECHO.length()));
            }
        }

        private static void write(ChannelHandlerContext context, String text) {
            var unused = context.writeAndFlush(new TextWebSocketFrame(text), context.voidPromise());
        }

        private static ByteBuf frame(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            ByteBuf frame = Unpooled.directBuffer(bytes.length + 4).writeByte(0x81);
            if (bytes.length < 126) {
                frame.writeByte(bytes.length);
            } else {
                frame.writeByte(126).writeShort(bytes.length);
            }
            return frame.writeBytes(bytes);
        }
    }
}
