using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Peers;

/// <summary>Requests in the order in which they came, each once; one that is removed costs no search. Allocates nothing once it has grown.</summary>
internal sealed class RequestQueue
{
    // Removed requests that may stay behind in the order before it is made anew, so that who asks and takes back for ever does not make it grow.
    private const int Slack = 64;

    private readonly Dictionary<BlockRequest, long> _waiting = [];
    private readonly Queue<(BlockRequest Block, long Number)> _order = new();
    private long _lastNumber;

    /// <summary>Requests that wait.</summary>
    public int Count => _waiting.Count;

    /// <summary>Puts a request at the end; false when it waits already.</summary>
    public bool TryAdd(BlockRequest block)
    {
        if (!_waiting.TryAdd(block, _lastNumber + 1))
            return false;
        _order.Enqueue((block, ++_lastNumber));
        return true;
    }

    /// <summary>Whether a request waits.</summary>
    public bool Contains(BlockRequest block) => _waiting.ContainsKey(block);

    /// <summary>Takes a request out; false when it does not wait.</summary>
    public bool Remove(BlockRequest block)
    {
        if (!_waiting.Remove(block))
            return false;
        if (_order.Count > (2 * _waiting.Count) + Slack)
            RemoveAllBut(static _ => true, static _ => { });
        return true;
    }

    /// <summary>The request at the head; false when none waits.</summary>
    public bool TryPeek(out BlockRequest block)
    {
        while (_order.TryPeek(out var head))
        {
            block = head.Block;
            if (IsWaiting(head))
                return true;
            _order.Dequeue();
        }
        block = default;
        return false;
    }

    /// <summary>Takes the request at the head; false when none waits.</summary>
    public bool TryTake(out BlockRequest block)
    {
        if (!TryPeek(out block))
            return false;
        _order.Dequeue();
        _waiting.Remove(block);
        return true;
    }

    /// <summary>Takes out all but some.</summary>
    /// <param name="stays">Which stay, in their order.</param>
    /// <param name="removed">Gets each of the others.</param>
    public void RemoveAllBut(Predicate<BlockRequest> stays, Action<BlockRequest> removed)
    {
        for (var left = _order.Count; left > 0; left--)
        {
            var entry = _order.Dequeue();
            if (!IsWaiting(entry))
                continue;
            if (stays(entry.Block))
            {
                _order.Enqueue(entry);
                continue;
            }
            _waiting.Remove(entry.Block);
            removed(entry.Block);
        }
    }

    private bool IsWaiting((BlockRequest Block, long Number) entry) => _waiting.TryGetValue(entry.Block, out var number) && number == entry.Number;
}
