using ActorTorrent.Wire.Discovery;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Discovery;

/// <summary>
/// Which torrents the next message names and when it may be sent (BEP 14): each torrent once an interval, new ones first, a pause between
/// messages. Takes constant time a torrent.
/// </summary>
/// <param name="interval">Between two announces of a torrent.</param>
/// <param name="pause">Between two messages.</param>
internal sealed class LsdSchedule(TimeSpan interval, TimeSpan pause)
{
    private readonly Dictionary<InfoHash, Place> _places = [];

    // Two lines, each in the order of time: those that were never announced, and those that were.
    private readonly Queue<Place> _new = new();
    private readonly Queue<Place> _told = new();
    private DateTimeOffset _earliest = DateTimeOffset.MinValue;

    /// <summary>Torrents that are announced.</summary>
    public int Count => _places.Count;

    /// <summary>Places in the lines, those of torrents that are gone included.</summary>
    internal int Places => _new.Count + _told.Count;

    /// <summary>Adds a torrent; one that is there stays where it is.</summary>
    public void Add(InfoHash torrent, DateTimeOffset now)
    {
        if (_places.ContainsKey(torrent))
            return;
        var place = new Place(torrent, now);
        _places.Add(torrent, place);
        _new.Enqueue(place);
    }

    /// <summary>Takes a torrent out.</summary>
    public void Remove(InfoHash torrent)
    {
        _places.Remove(torrent);

        // What is left of it in the lines goes when it comes up, or here, when most of them is such.
        if (Places > (2 * _places.Count) + 16)
        {
            Sweep(_new);
            Sweep(_told);
        }
    }

    /// <summary>When the next message is due; null when there is nothing to tell.</summary>
    public DateTimeOffset? NextAt()
    {
        Skip(_new);
        Skip(_told);
        var due = _new.Count > 0 ? _new.Peek().Due : _told.Count > 0 ? _told.Peek().Due : (DateTimeOffset?)null;
        return due is { } at && at < _earliest ? _earliest : due;
    }

    /// <summary>The torrents of the message that is sent now; none when it is not due.</summary>
    public IReadOnlyList<InfoHash> Take(DateTimeOffset now)
    {
        var torrents = new List<InfoHash>();
        if (now < _earliest)
            return torrents;
        Take(_new);
        Take(_told);
        foreach (var torrent in torrents)
        {
            var place = new Place(torrent, now + interval);
            _places[torrent] = place;
            _told.Enqueue(place);
        }
        if (torrents.Count > 0)
            _earliest = now + pause;
        return torrents;

        void Take(Queue<Place> line)
        {
            for (Skip(line); torrents.Count < LsdMessage.MaxInfoHashes && line.Count > 0 && line.Peek().Due <= now; Skip(line))
                torrents.Add(line.Dequeue().Torrent);
        }
    }

    private bool IsThere(Place place) => _places.TryGetValue(place.Torrent, out var there) && ReferenceEquals(there, place);

    private void Skip(Queue<Place> line)
    {
        while (line.Count > 0 && !IsThere(line.Peek()))
            line.Dequeue();
    }

    private void Sweep(Queue<Place> line)
    {
        for (var left = line.Count; left > 0; left--)
        {
            var place = line.Dequeue();
            if (IsThere(place))
                line.Enqueue(place);
        }
    }

    private sealed class Place(InfoHash torrent, DateTimeOffset due)
    {
        public InfoHash Torrent { get; } = torrent;

        public DateTimeOffset Due { get; } = due;
    }
}
