using System.Net;
using System.Net.Sockets;
using ActorTorrent.Engine.Options;
using ActorTorrent.Engine.Peers;
using Akka.Actor;

namespace ActorTorrent.Engine.Tests.Peers;

public sealed class ReceiveGatheringTests : IDisposable
{
    private const int Bytes = 64 << 10;
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(20);

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _sender = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _receiver;
    private readonly SlowClock _clock = new();
    private readonly ReceiveTurn _turn = new(ActorRefs.Nobody);
    private readonly ReceiveGathering _gathering;

    public ReceiveGatheringTests()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _sender.Connect(_listener.LocalEndPoint!);
        _receiver = _listener.Accept();
        _gathering = new ReceiveGathering(_receiver, Bytes, Wait, new ReceiveRounds(new PeerOptions()), _turn, _clock);
    }

    private int LowWater => (int)_receiver.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReceiveLowWater)!;

    [Fact]
    public async Task A_fast_connection_is_not_told_of_few_bytes_until_none_have_come_for_the_wait()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        _gathering.Received(ReceiveGathering.WindowBytes - 1);
        Assert.Equal((false, 1), (_gathering.IsOn, LowWater));
        _gathering.Received(1);
        Assert.True(_gathering.IsOn);
        Assert.InRange(LowWater, Bytes, int.MaxValue);

        var receive = _receiver.ReceiveAsync(new byte[Bytes], SocketFlags.None, deadline.Token);
        await _sender.SendAsync(new byte[10], SocketFlags.None, deadline.Token);
        var round = _gathering.NextRound().AsTask();
        Assert.False(round.IsCompleted);
        _turn.Begin();
        await round.WaitAsync(deadline.Token);
        // Nobody waits: no harm is done.
        _turn.Begin();
        Assert.False(receive.IsCompleted);
        _gathering.WasEmpty();
        _clock.Pass(Wait - TimeSpan.FromMilliseconds(1));
        _gathering.WasEmpty();
        Assert.True(_gathering.IsOn);
        _clock.Pass(TimeSpan.FromMilliseconds(1));
        _gathering.WasEmpty();
        Assert.Equal((false, 1), (_gathering.IsOn, LowWater));
        Assert.Equal(10, await receive);
    }

    [Fact]
    public void Bytes_begin_the_wait_anew()
    {
        _gathering.Received(ReceiveGathering.WindowBytes);
        for (var i = 0; i < 3; i++)
        {
            _gathering.WasEmpty();
            _clock.Pass(Wait - TimeSpan.FromMilliseconds(1));
            _gathering.WasEmpty();
            _gathering.Received(1);
        }
        Assert.True(_gathering.IsOn);
    }

    [Fact]
    public void A_slow_connection_is_left_alone()
    {
        _clock.Pass(TimeSpan.FromSeconds(10));
        _gathering.Received(ReceiveGathering.WindowBytes);
        Assert.Equal((false, 1), (_gathering.IsOn, LowWater));
        _clock.Pass(TimeSpan.FromMilliseconds(1));
        _gathering.Received(ReceiveGathering.WindowBytes);
        Assert.True(_gathering.IsOn);
        _clock.Pass(TimeSpan.FromSeconds(10));
        _gathering.Received(ReceiveGathering.WindowBytes);
        Assert.Equal((false, 1), (_gathering.IsOn, LowWater));
    }

    [Fact]
    public void A_closed_connection_is_no_error()
    {
        _receiver.Dispose();
        _gathering.Received(ReceiveGathering.WindowBytes);
        _gathering.Received(ReceiveGathering.WindowBytes);
        Assert.False(_gathering.IsOn);
    }

    public void Dispose()
    {
        _sender.Dispose();
        _receiver.Dispose();
        _listener.Dispose();
    }

    /// <summary>A clock that stands.</summary>
    private sealed class SlowClock : TimeProvider
    {
        private long _now = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Pass(TimeSpan time) => _now += time.Ticks;

        public override long GetTimestamp() => _now;
    }
}
