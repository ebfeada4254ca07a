using ActorTorrent.Engine.Options;
using ActorTorrent.Wire.Peers;
using Akka.Actor;

namespace ActorTorrent.Engine.Peers;

/// <summary>
/// Metadata in both directions on one connection (BEP 9): which pieces we asked for, and those that the peer asked for, sent at a bounded
/// pace and never more at once than the socket takes.
/// </summary>
internal sealed class PeerMetadata(MetadataOptions options, IActorRef connection, TimeSpan now)
{
    // Pieces between us and the socket.
    private const int Window = 4;

    // How often a connection is given each piece.
    private const int Copies = 2;

    private readonly HashSet<int> _asked = [];
    private readonly Queue<int> _queue = new();
    private readonly HashSet<int> _queued = [];
    private double _allowance = options.ServedPerSecond;
    private TimeSpan _filledAt = now;
    private int _leaving;
    private int _served;

    /// <summary>The id under which the peer wants such messages; 0 for none.</summary>
    public byte Id { get; set; }

    /// <summary>Asks for pieces.</summary>
    public void Ask(IReadOnlyList<int> pieces)
    {
        if (Id == 0)
            return;
        foreach (var piece in pieces)
            _asked.Add(piece);
        connection.Tell(new PeerConnectionProtocol.Send([.. pieces.Select(piece => PeerMessage.Extended(Id, MetadataMessage.Request(piece)))]));
    }

    /// <summary>Books an answer; false when the piece was not asked for.</summary>
    public bool TryEnd(int piece) => _asked.Remove(piece);

    /// <summary>Takes the peer's request; false when it is rejected.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="metadata">The whole; null while we do not have it.</param>
    /// <param name="now">The present.</param>
    public bool Serve(int piece, ReadOnlyMemory<byte>? metadata, TimeSpan now)
    {
        if (Id == 0)
            return false;
        var count = metadata is { } whole ? MetadataMessage.PieceCount(whole.Length) : 0;
        if (piece >= count || _queue.Count >= options.ServeQueue || _served >= Copies * count || !_queued.Add(piece))
        {
            connection.Tell(new PeerConnectionProtocol.Send([PeerMessage.Extended(Id, MetadataMessage.Reject(piece))]));
            return false;
        }
        _served++;
        _queue.Enqueue(piece);
        Pump(metadata, now);
        return true;
    }

    /// <summary>Pieces left through the socket.</summary>
    public void Sent(int count, ReadOnlyMemory<byte>? metadata, TimeSpan now)
    {
        _leaving -= count;
        Pump(metadata, now);
    }

    /// <summary>Sends what pace and window allow.</summary>
    public void Pump(ReadOnlyMemory<byte>? metadata, TimeSpan now)
    {
        _allowance = Math.Min(options.ServedPerSecond, _allowance + ((now - _filledAt).TotalSeconds * options.ServedPerSecond));
        _filledAt = now;
        while (metadata is { } whole && _leaving < Window && _allowance >= 1 && _queue.TryDequeue(out var piece))
        {
            _queued.Remove(piece);
            _allowance--;
            _leaving++;
            connection.Tell(new PeerConnectionProtocol.SendPaced(PeerMessage.Extended(Id, MetadataMessage.Bring(whole.Span, piece))));
        }
    }
}
