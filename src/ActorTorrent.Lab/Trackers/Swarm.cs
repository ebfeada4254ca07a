using System.Net;

namespace ActorTorrent.Lab.Trackers;

/// <summary>The peers of one torrent. Not thread-safe.</summary>
internal sealed class Swarm
{
    private readonly List<Member> _members = [];
    private readonly Dictionary<IPEndPoint, int> _indexes = [];
    private DateTimeOffset _nextExpiry = DateTimeOffset.MaxValue;
    private int _seeders;
    private int _completed;

    public SwarmCounts Counts => new(_seeders, _members.Count - _seeders, _completed);

    public int Count => _members.Count;

    public bool IsEmpty => _members.Count == 0 && _completed == 0;

    public bool Knows(IPEndPoint endPoint) => _indexes.ContainsKey(endPoint);

    public void Put(SwarmPeer peer, DateTimeOffset expires)
    {
        if (expires < _nextExpiry)
            _nextExpiry = expires;
        var member = new Member(peer, expires);
        if (_indexes.TryGetValue(peer.EndPoint, out var index))
        {
            _seeders -= _members[index].Peer.IsSeed ? 1 : 0;
            _members[index] = member;
        }
        else
        {
            _indexes.Add(peer.EndPoint, _members.Count);
            _members.Add(member);
        }
        _seeders += peer.IsSeed ? 1 : 0;
    }

    public void Remove(IPEndPoint endPoint)
    {
        if (_indexes.TryGetValue(endPoint, out var index))
            RemoveAt(index);
    }

    // A download counts once, however often its completion is announced.
    public void NoteCompleted(IPEndPoint endPoint)
    {
        if (!_indexes.TryGetValue(endPoint, out var index) || !_members[index].Peer.IsSeed)
            _completed++;
    }

    public void Expire(DateTimeOffset now)
    {
        // The earliest expiry is a lower bound (renewals move it up unnoticed), so most announces scan nothing.
        if (now < _nextExpiry)
            return;
        _nextExpiry = DateTimeOffset.MaxValue;
        for (var i = _members.Count - 1; i >= 0; i--)
        {
            if (_members[i].Expires <= now)
                RemoveAt(i);
        }
        foreach (var member in _members)
        {
            if (member.Expires < _nextExpiry)
                _nextExpiry = member.Expires;
        }
    }

    /// <summary>Up to <paramref name="count"/> peers, every choice of them as likely as another, without the asker.</summary>
    public List<SwarmPeer> Sample(SwarmPeer asker, int count, Random random)
    {
        var peers = new List<SwarmPeer>(Math.Min(Math.Max(count, 0), _members.Count));
        if (count <= 0)
            return peers;

        // Two more than wanted, because the asker may be drawn, once by its address and once by its id.
        foreach (var index in Draw(Math.Min(count + 2, _members.Count), random))
        {
            var peer = _members[index].Peer;
            if (peers.Count < count && !peer.EndPoint.Equals(asker.EndPoint) && peer.PeerId != asker.PeerId)
                peers.Add(peer);
        }
        return peers;
    }

    // Floyd's way to draw without replacement: as many steps as draws, whatever the size of the swarm.
    private List<int> Draw(int draws, Random random)
    {
        var chosen = new HashSet<int>(draws);
        var order = new List<int>(draws);
        for (var top = _members.Count - draws; top < _members.Count; top++)
        {
            var index = random.Next(top + 1);
            if (!chosen.Add(index))
            {
                index = top;
                chosen.Add(index);
            }
            order.Add(index);
        }
        random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(order));
        return order;
    }

    private void RemoveAt(int index)
    {
        var member = _members[index];
        _seeders -= member.Peer.IsSeed ? 1 : 0;
        _indexes.Remove(member.Peer.EndPoint);
        var last = _members[^1];
        _members[index] = last;
        _members.RemoveAt(_members.Count - 1);
        if (index < _members.Count)
            _indexes[last.Peer.EndPoint] = index;
    }

    private readonly record struct Member(SwarmPeer Peer, DateTimeOffset Expires);
}
