using System.Threading.Channels;

namespace ActorTorrent.Service.Api;

/// <summary>The latest events, and those who listen. Safe for use from several threads.</summary>
/// <param name="capacity">Events kept.</param>
internal sealed class EventRing(int capacity)
{
    private const int Held = 4096;

    private readonly Lock _gate = new();
    private readonly Queue<ApiEvent> _events = new();
    private readonly Dictionary<ChannelWriter<ApiEvent>, int?> _listeners = [];
    private long _last;
    private bool _isComplete;

    /// <summary>Names this run of the service: numbers of another run mean nothing here.</summary>
    public string Run { get; } = Guid.NewGuid().ToString("N")[..8];

    /// <summary>How many listen.</summary>
    public int Listeners
    {
        get
        {
            lock (_gate)
                return _listeners.Count;
        }
    }

    /// <summary>Torrents whose peers somebody wants to hear of.</summary>
    public int[] Watched
    {
        get
        {
            lock (_gate)
                return [.. _listeners.Values.OfType<int>().Distinct()];
        }
    }

    /// <summary>Takes in what happened.</summary>
    public void Add(string name, int torrent, Func<byte[]> data)
    {
        lock (_gate)
        {
            var happened = new ApiEvent(++_last, name, torrent, data);
            if (_events.Count == capacity)
                _events.Dequeue();
            _events.Enqueue(happened);
            foreach (var listener in _listeners.Keys)
                listener.TryWrite(happened);
        }
    }

    /// <summary>Begins to listen.</summary>
    /// <param name="after">The last event that was heard; null for none.</param>
    /// <param name="peersOf">A torrent whose peers are wanted.</param>
    /// <param name="isGap">Whether events after that one are forgotten already.</param>
    /// <returns>A subscription that begins with what was missed.</returns>
    public EventSubscription Subscribe(EventId? after, int? peersOf, out bool isGap)
    {
        lock (_gate)
        {
            // A reader that falls behind loses the oldest, and sees it by the numbers.
            var channel = Channel.CreateBounded<ApiEvent>(new BoundedChannelOptions(Math.Max(Held, capacity)) { FullMode = BoundedChannelFullMode.DropOldest });
            var first = _events.TryPeek(out var oldest) ? oldest.Number : _last + 1;
            isGap = after is { } id && (id.Run != Run || id.Number > _last || id.Number + 1 < first);
            if (after is { } known && !isGap)
            {
                foreach (var missed in _events)
                {
                    if (missed.Number > known.Number)
                        channel.Writer.TryWrite(missed);
                }
            }
            if (_isComplete)
                channel.Writer.Complete();
            else
                _listeners.Add(channel.Writer, peersOf);
            return new EventSubscription(this, channel, after is not null && !isGap ? after.Value.Number : _last);
        }
    }

    /// <summary>Ends to listen.</summary>
    internal void Leave(ChannelWriter<ApiEvent> listener)
    {
        lock (_gate)
            _listeners.Remove(listener);
        listener.TryComplete();
    }

    /// <summary>Ends all subscriptions, and those to come.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _isComplete = true;
            foreach (var listener in _listeners.Keys)
                listener.TryComplete();
            _listeners.Clear();
        }
    }
}
