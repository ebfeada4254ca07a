using System.Diagnostics.CodeAnalysis;
using ActorTorrent.Engine.Options;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Coordination;

/// <summary>
/// Whose turn it is. Torrents stand in a line; those at its head that want to download do so, as many as are allowed, and the same for
/// seeds. Paused ones and those that want nothing take no place. Pure: the owner carries out what it says.
/// </summary>
internal sealed class TorrentQueue(QueueOptions options)
{
    private readonly List<Entry> _line = [];

    /// <summary>How many may be at work; what that changes shows in <see cref="TakeChanges"/>.</summary>
    public QueueOptions Options { get; set; } = options;

    /// <summary>The torrents in their order.</summary>
    public IReadOnlyList<InfoHash> Order => [.. _line.Select(entry => entry.InfoHash)];

    /// <summary>A torrent comes, at the end of the line.</summary>
    public void Add(InfoHash torrent, bool isPaused)
    {
        if (TryFind(torrent, out _))
            throw new ArgumentException($"Torrent {torrent} stands in the line already.", nameof(torrent));
        _line.Add(new Entry(torrent) { IsPaused = isPaused });
    }

    /// <summary>A torrent goes.</summary>
    public void Remove(InfoHash torrent) => _line.RemoveAll(entry => entry.InfoHash == torrent);

    /// <summary>What a torrent would do is known, or has changed.</summary>
    public void SetNeed(InfoHash torrent, TorrentNeed need)
    {
        if (TryFind(torrent, out var entry))
            entry.Need = need;
    }

    /// <summary>The user stops a torrent, or lets it go on. One that was finished goes on, too: it has been asked to.</summary>
    /// <param name="torrent">The torrent.</param>
    /// <param name="isPaused">Whether it is stopped.</param>
    /// <param name="isForced">Whether it goes on without waiting for its turn, until it is stopped.</param>
    public void SetPaused(InfoHash torrent, bool isPaused, bool isForced = false)
    {
        if (!TryFind(torrent, out var entry))
            return;
        entry.IsPaused = isPaused;
        entry.IsForced = !isPaused && (isForced || entry.IsForced);
        if (!isPaused && entry.Need == TorrentNeed.Nothing)
            entry.Need = TorrentNeed.Seed;
    }

    /// <summary>Whether the user has stopped a torrent.</summary>
    public bool IsPaused(InfoHash torrent) => TryFind(torrent, out var entry) && entry.IsPaused;

    /// <summary>Gives a torrent another place.</summary>
    /// <param name="torrent">The torrent.</param>
    /// <param name="position">Its place from the head, which is 0; beyond the end means the end.</param>
    public void Move(InfoHash torrent, int position)
    {
        if (!TryFind(torrent, out var entry))
            return;
        _line.Remove(entry);
        _line.Insert(Math.Clamp(position, 0, _line.Count), entry);
    }

    /// <summary>What changed since the last time: a torrent, and why it rests; null when it is its turn.</summary>
    public IReadOnlyList<(InfoHash Torrent, RestReason? Reason)> TakeChanges()
    {
        var changes = new List<(InfoHash, RestReason?)>();
        int downloads = 0, seeds = 0;
        foreach (var entry in _line)
        {
            // What a torrent that is being checked will need is not known: it holds no place and takes no order.
            if (entry.Need == TorrentNeed.Unknown)
                continue;
            var rest = entry switch
            {
                { IsPaused: true } => RestReason.Paused,
                { Need: TorrentNeed.Nothing } => RestReason.Finished,
                { IsForced: true } => null,
                { Need: TorrentNeed.Download } => InTurn(ref downloads, Options.MaxActiveDownloads),
                _ => InTurn(ref seeds, Options.MaxActiveSeeds),
            };
            if (entry.IsTold && entry.Told == rest)
                continue;
            entry.IsTold = true;
            entry.Told = rest;
            changes.Add((entry.InfoHash, rest));
        }
        return changes;
    }

    /// <summary>A torrent's actor was started anew: it knows nothing of what it was told.</summary>
    public void Forget(InfoHash torrent)
    {
        if (!TryFind(torrent, out var entry))
            return;
        entry.IsTold = false;
        entry.Need = TorrentNeed.Unknown;
    }

    private static RestReason? InTurn(ref int taken, int limit) => limit == 0 || taken++ < limit ? null : RestReason.Queued;

    private bool TryFind(InfoHash torrent, [NotNullWhen(true)] out Entry? entry)
    {
        entry = _line.Find(e => e.InfoHash == torrent);
        return entry is not null;
    }

    private sealed class Entry(InfoHash infoHash)
    {
        public InfoHash InfoHash { get; } = infoHash;

        public TorrentNeed Need { get; set; }

        public bool IsPaused { get; set; }

        public bool IsForced { get; set; }

        public bool IsTold { get; set; }

        public RestReason? Told { get; set; }
    }
}
