using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Telemetry;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Service.Session;

/// <summary>A torrent of the session at one moment. Immutable; a changed torrent has another one with a higher <see cref="Revision"/>.</summary>
public sealed record TorrentView
{
    /// <summary>Its number.</summary>
    public int Id => Settings.Id;

    /// <summary>Its info hash.</summary>
    public required InfoHash InfoHash { get; init; }

    /// <summary>What is wanted of it.</summary>
    public required TorrentSettings Settings { get; init; }

    /// <summary>The torrent file, with renamed files under their new names; null while its magnet link's metadata is not there.</summary>
    public TorrentMetainfo? Metainfo { get; init; }

    /// <summary>The magnet link that it began as, if it did.</summary>
    public MagnetLink? Magnet { get; init; }

    /// <summary>What the engine said of it last; null before it said anything.</summary>
    public TorrentSnapshot? Snapshot { get; init; }

    /// <summary>When the engine said that.</summary>
    public DateTimeOffset SnapshotAt { get; init; }

    /// <summary>Its coordinator in the engine; null while it is not there.</summary>
    public EngineProtocol.TorrentAdded? Route { get; init; }

    /// <summary>Its trackers.</summary>
    public IReadOnlyList<TrackerState> Trackers { get; init; } = [];

    /// <summary>What is wrong on our side, in a sentence; null while nothing is.</summary>
    public string? Error { get; init; }

    /// <summary>Its place in the line, from 0.</summary>
    public int QueuePosition { get; init; }

    /// <summary>When it was last let go on; null in this session not yet.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Bytes copied to its new folder so far, and altogether; null while it is not being moved.</summary>
    public (long Moved, long Total)? Move { get; init; }

    /// <summary>Rises with every change of this torrent; unique in the session's life.</summary>
    public long Revision { get; init; }

    /// <summary>When this came to be.</summary>
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>What to call it.</summary>
    public string Name => Settings.Name ?? Metainfo?.Name ?? Magnet?.Name ?? Settings.InfoHash;

    /// <summary>What it is about.</summary>
    public TorrentPhase Phase => Snapshot?.Phase ?? (Settings.IsPaused ? TorrentPhase.Paused : TorrentPhase.Checking);

    /// <summary>Bytes received over all sessions.</summary>
    public long Downloaded => Snapshot?.Ever?.Downloaded ?? Settings.Downloaded;

    /// <summary>Bytes sent over all sessions.</summary>
    public long Uploaded => Snapshot?.Ever?.Uploaded ?? Settings.Uploaded;

    /// <summary>Whether everything wanted is there.</summary>
    public bool IsComplete => Metainfo is not null && Snapshot is { BytesWanted: var wanted, BytesVerified: var verified, Metadata: null } && verified >= wanted
        && Phase != TorrentPhase.Checking;

    /// <summary>How much a file is wanted.</summary>
    /// <param name="file">Its index.</param>
    public FilePriority PriorityOf(int file) => Settings.Files.GetValueOrDefault(file, FilePriority.Normal);
}
