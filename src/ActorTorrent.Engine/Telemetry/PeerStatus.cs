using System.Net;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Faults;

namespace ActorTorrent.Engine.Telemetry;

/// <summary>One peer of a torrent as its coordinator sees it: what a list of peers shows. While no connection stands, what belongs to one is at its default.</summary>
/// <param name="EndPoint">Its address; of one that dialled us the port is not one that it listens on.</param>
/// <param name="Direction">Who dialled.</param>
/// <param name="State">Where its connection is.</param>
public sealed record PeerStatus(IPEndPoint EndPoint, PeerDirection Direction, PeerState State)
{
    /// <summary>Where it can be dialled; null while that is not known.</summary>
    public IPEndPoint? ListenEndPoint { get; init; }

    /// <summary>All who named it, the best first; never empty.</summary>
    public IReadOnlyList<PeerSource> Sources { get; init; } = [PeerSource.Incoming];

    /// <summary>Its program, as it says itself or as its peer id tells; null before the handshake. It comes from a stranger; control characters are escaped.</summary>
    public string? Client { get; init; }

    /// <summary>How many pieces it has.</summary>
    public int Pieces { get; init; }

    /// <summary>Whether it has all pieces.</summary>
    public bool IsSeed { get; init; }

    /// <summary>Whether it wants no more pieces, though it may not have all (BEP 21).</summary>
    public bool IsUploadOnly { get; init; }

    /// <summary>Whether we choke it.</summary>
    public bool AreWeChoking { get; init; } = true;

    /// <summary>Whether it chokes us.</summary>
    public bool IsChokingUs { get; init; } = true;

    /// <summary>Whether it has pieces that we want.</summary>
    public bool AreWeInterested { get; init; }

    /// <summary>Whether it says that we have pieces that it wants.</summary>
    public bool IsInterested { get; init; }

    /// <summary>Whether it is unchoked by turn, not for what it gave.</summary>
    public bool IsOptimistic { get; init; }

    /// <summary>Whether it owes blocks and sends none.</summary>
    public bool IsSnubbing { get; init; }

    /// <summary>Bytes of blocks a second that it sends us.</summary>
    public double DownloadRate { get; init; }

    /// <summary>Bytes of blocks a second that we send it.</summary>
    public double UploadRate { get; init; }

    /// <summary>Bytes of blocks that it sent over this connection.</summary>
    public long Downloaded { get; init; }

    /// <summary>Bytes of blocks that we sent over this connection.</summary>
    public long Uploaded { get; init; }

    /// <summary>Blocks that it was asked for and has not sent yet.</summary>
    public int BlocksOutstanding { get; init; }

    /// <summary>How long the connection has been in use; null while it is not.</summary>
    public TimeSpan? ConnectedFor { get; init; }

    /// <summary>Failures since it last worked.</summary>
    public int Failures { get; init; }

    /// <summary>What the last failure was, as a fault's cause is called; null when there was none.</summary>
    public string? LastFault { get; init; }
}
