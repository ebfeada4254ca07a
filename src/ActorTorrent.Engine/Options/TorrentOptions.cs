using ActorTorrent.Engine.Coordination;

namespace ActorTorrent.Engine.Options;

/// <summary>What the <c>actortorrent.torrent</c> section of the HOCON files sets.</summary>
public sealed record TorrentOptions
{
    /// <summary>Connections of one torrent, incoming and outgoing.</summary>
    public int MaxPeers { get; init; } = 200;

    /// <summary>Connections being made at once.</summary>
    public int HalfOpen { get; init; } = 50;

    /// <summary>Incoming connections from one address.</summary>
    public int MaxPeersPerAddress { get; init; } = 32;

    /// <summary>How long a new connection is safe from making room for another.</summary>
    public TimeSpan EvictionGrace { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Addresses remembered.</summary>
    public int KnownPeers { get; init; } = 3_000;

    /// <summary>Peers unchoked at once, the optimistic one included; with <see cref="AdaptiveSlots"/>, to begin with.</summary>
    public int UploadSlots { get; init; } = 8;

    /// <summary>Whether the number of slots follows the upload rate.</summary>
    public bool AdaptiveSlots { get; init; } = true;

    /// <summary>The least number of slots that follow the rate.</summary>
    public int MinUploadSlots { get; init; } = 4;

    /// <summary>The greatest number of slots that follow the rate.</summary>
    public int MaxUploadSlots { get; init; } = 64;

    /// <summary>Whom a seed uploads to.</summary>
    public SeedChoking SeedChoking { get; init; }

    /// <summary>Time between two rounds of choking.</summary>
    public TimeSpan ChokeRound { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time an optimistic unchoke lasts.</summary>
    public TimeSpan OptimisticUnchoke { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long verified pieces are gathered before peers are told of them.</summary>
    public TimeSpan HaveDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often the torrent's state is published.</summary>
    public TimeSpan SnapshotInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a torrent with which nothing happens looks after itself.</summary>
    public TimeSpan RestInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Bytes of unfinished pieces in memory.</summary>
    public long PieceBudgetBytes { get; init; } = 256L << 20;

    /// <summary>Peers that a block may be asked of at once in the endgame.</summary>
    public int EndgameRequesters { get; init; } = 2;

    /// <summary>Blocks outstanding at a peer up to which it is asked, in the endgame, for what others are asked for.</summary>
    public int EndgameBlocks { get; init; } = 16;

    /// <summary>Blocks asked at once of a peer that has not sent one yet; more than 64 such peers of a torrent share what 64 would have.</summary>
    public int UnprovenBlocks { get; init; } = 8;

    /// <summary>Peers dialled a second, once as many as may be half-open were dialled at once.</summary>
    public int DialsPerSecond { get; init; } = 50;

    /// <summary>How long a download may have nobody to dial and no tracker left to ask before it counts as stuck.</summary>
    public TimeSpan QuietAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a download may be without connections before it counts as stuck; five times that once it has received anything.</summary>
    public TimeSpan StuckAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Longest wait for storage and trackers when a torrent stops.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
