using System.Net;
using System.Net.Sockets;
using ActorTorrent.Engine.Peers;

namespace ActorTorrent.Engine.Tests.Peers;

public sealed class ReceiveGatheringTests : IDisposable
{
    private const int Bytes = 64 << 10;
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(20);

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _sender = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _receiver;

    public ReceiveGatheringTests()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _sender.Connect(_listener.LocalEndPoint!);
        _receiver = _listener.Accept();
    }

    private int LowWater => (int)_receiver.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReceiveLowWater)!;

    [Fact]
    public async Task Few_bytes_wait_for_others_on_a_fast_connection_and_no_longer_than_said()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var gathering = new ReceiveGathering(_receiver, Bytes, Wait, TimeProvider.System);
        gathering.Received(ReceiveGathering.WindowBytes - 1);
        Assert.Equal(1, LowWater);
        gathering.Received(1);
        Assert.Equal(Bytes, LowWater);

        // Fewer than it gathers: they come all the same, and from then on any number does at once.
        var began = TimeProvider.System.GetTimestamp();
        var receive = _receiver.ReceiveAsync(new byte[Bytes], SocketFlags.None, deadline.Token);
        gathering.Waits();
        await _sender.SendAsync(new byte[10], SocketFlags.None, deadline.Token);
        Assert.Equal(10, await receive);
        gathering.Received(10);
        // A timer may fire a tick early.
        Assert.True(TimeProvider.System.GetElapsedTime(began) > Wait - TimeSpan.FromMilliseconds(15));
        Assert.Equal(1, LowWater);
    }

    [Fact]
    public void A_slow_connection_is_left_alone()
    {
        var clock = new SlowClock();
        using var gathering = new ReceiveGathering(_receiver, Bytes, Wait, clock);
        clock.Pass(TimeSpan.FromSeconds(10));
        gathering.Received(ReceiveGathering.WindowBytes);
        Assert.Equal(1, LowWater);
        clock.Pass(TimeSpan.FromMilliseconds(1));
        gathering.Received(ReceiveGathering.WindowBytes);
        Assert.Equal(Bytes, LowWater);
        clock.Pass(TimeSpan.FromSeconds(10));
        gathering.Received(ReceiveGathering.WindowBytes);
        Assert.Equal(1, LowWater);
    }

    [Fact]
    public void A_closed_connection_is_no_error()
    {
        using var gathering = new ReceiveGathering(_receiver, Bytes, Wait, TimeProvider.System);
        _receiver.Dispose();
        gathering.Received(ReceiveGathering.WindowBytes);
        gathering.Received(ReceiveGathering.WindowBytes);
    }

    public void Dispose()
    {
        _sender.Dispose();
        _receiver.Dispose();
        _listener.Dispose();
    }

    /// <summary>A clock that stands; its timers never ring.</summary>
    private sealed class SlowClock : TimeProvider
    {
        private long _now = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Pass(TimeSpan time) => _now += time.Ticks;

        public override long GetTimestamp() => _now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(static _ => { }, state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
