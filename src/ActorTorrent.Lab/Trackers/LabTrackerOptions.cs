using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Lab.Trackers;

/// <summary>How a <see cref="LabTracker"/> behaves.</summary>
public sealed record LabTrackerOptions
{
    /// <summary>The announce interval that peers are told.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>The <c>min interval</c> that peers are told; none when null.</summary>
    public TimeSpan? MinInterval { get; init; }

    /// <summary>The torrents served; all when null.</summary>
    public IReadOnlySet<InfoHash>? AllowedInfoHashes { get; init; }

    /// <summary>Peers named to a client that does not say how many it wants.</summary>
    public int DefaultNumWant { get; init; } = 50;

    /// <summary>Peers named at most.</summary>
    public int MaxNumWant { get; init; } = 200;

    /// <summary>The tracker id that clients are told; none when null.</summary>
    public string? TrackerId { get; init; }

    /// <summary>The warning that clients are told; none when null.</summary>
    public string? Warning { get; init; }

    /// <summary>The port for UDP (BEP 15), 0 for any free one; null for HTTP alone.</summary>
    public int? UdpPort { get; init; }

    /// <summary>Torrents known at most; announces of others are answered with nobody.</summary>
    public int MaxTorrents { get; init; } = 10_000;

    /// <summary>Peers of a torrent known at most; others are told of these, and are not told of.</summary>
    public int MaxPeersPerTorrent { get; init; } = 10_000;

    /// <summary>What it does wrong over UDP from the start; nothing when null.</summary>
    public UdpTrackerFault? UdpFault { get; init; }

    /// <summary>What it does wrong from the start; nothing when null.</summary>
    public TrackerFault? Fault { get; init; }

    /// <summary>Makes the choice of peers repeatable.</summary>
    public int Seed { get; init; }
}
