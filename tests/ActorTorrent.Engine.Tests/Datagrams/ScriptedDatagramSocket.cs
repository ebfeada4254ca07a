using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using ActorTorrent.Engine.Datagrams;
using Akka.Actor;

namespace ActorTorrent.Engine.Tests.Datagrams;

/// <summary>A socket whose other end is the test.</summary>
internal sealed class ScriptedDatagramSocket(AddressFamily family, IActorRef owner) : IMulticastSocket
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly IPEndPoint Group = new(IPAddress.Parse("239.192.152.143"), 6771);
    private readonly Channel<(byte[] Datagram, IPEndPoint To)> _sent = Channel.CreateUnbounded<(byte[] Datagram, IPEndPoint To)>();
    private int _done;

    public AddressFamily Family { get; } = family;

    /// <summary>What sending comes to.</summary>
    public string? Problem { get; set; }

    /// <summary>How many datagrams the owner has dealt with.</summary>
    public int DoneCount => Volatile.Read(ref _done);

    public bool IsClosed { get; private set; }

    public string? Send(ReadOnlySpan<byte> datagram, IPEndPoint to)
    {
        Assert.True(_sent.Writer.TryWrite((datagram.ToArray(), to)));
        return Problem;
    }

    public string? SendToGroup(ReadOnlySpan<byte> datagram) => Send(datagram, Group);

    public void Done() => Interlocked.Increment(ref _done);

    public void Dispose() => IsClosed = true;

    public async Task<(byte[] Datagram, IPEndPoint To)> SentAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await _sent.Reader.ReadAsync(patience.Token);
    }

    public void Receive(byte[] datagram, IPEndPoint from) => owner.Tell(new DatagramProtocol.Received(this, from, datagram));

    public void AssertSilent() => Assert.False(_sent.Reader.TryPeek(out _), "A datagram that was not expected.");
}
