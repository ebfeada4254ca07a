using System.Diagnostics;

namespace ActorTorrent.Engine.Coordination;

/// <summary>
/// The blocks of one open piece: free, asked of some peers, or received. An item of a <see cref="PieceQueue"/>. Used again for other
/// pieces, so that opening one allocates nothing once the torrent runs.
/// </summary>
internal sealed class PieceInProgress(int maxRequesters)
{
    public const int Nobody = -1;
    private const int Done = -2;

    // maxRequesters entries a block, filled from the first: peers' numbers, Nobody, or Done in the first one.
    private int[] _requesters = [];
    private readonly List<int> _suspects = [];
    private int _firstFree;

    public int Index { get; private set; }

    /// <summary>Its rank, which says in which queue it stands.</summary>
    public PieceRank Rank { get; set; }

    public int BlockCount { get; private set; }

    public int Received { get; private set; }

    /// <summary>Blocks neither received nor asked of anyone.</summary>
    public int Free { get; private set; }

    /// <summary>Blocks asked of someone, but of fewer peers than allowed.</summary>
    public int Shareable { get; private set; }

    public bool IsWhole => Received == BlockCount;

    public bool IsUntouched => Free == BlockCount;

    /// <summary>Whether all of it has to come from one peer.</summary>
    public bool IsExclusive { get; set; }

    /// <summary>The one peer that an exclusive piece comes from, or <see cref="Nobody"/> yet.</summary>
    public int Owner { get; set; } = Nobody;

    public PieceInProgress? Previous { get; set; }

    public PieceInProgress? Next { get; set; }

    /// <summary>Whether a queue holds it.</summary>
    public bool IsQueued { get; set; }

    public void Begin(int index, PieceRank rank, int blockCount)
    {
        Index = index;
        Rank = rank;
        BlockCount = blockCount;
        if (_requesters.Length < blockCount * maxRequesters)
            _requesters = new int[blockCount * maxRequesters];
        IsExclusive = false;
        Owner = Nobody;
        _suspects.Clear();
        FreeAll();
    }

    /// <summary>Forgets every block, received ones too.</summary>
    public void FreeAll()
    {
        Array.Fill(_requesters, Nobody, 0, BlockCount * maxRequesters);
        Received = 0;
        Free = BlockCount;
        Shareable = 0;
        _firstFree = 0;
    }

    public bool IsReceived(int block) => _requesters[block * maxRequesters] == Done;

    public bool IsFree(int block) => _requesters[block * maxRequesters] == Nobody;

    public bool IsSuspect(int peer) => _suspects.Contains(peer);

    public void AddSuspect(int peer)
    {
        if (!_suspects.Contains(peer))
            _suspects.Add(peer);
    }

    /// <summary>The lowest free block, or −1.</summary>
    public int NextFree()
    {
        if (Free == 0)
            return -1;
        while (!IsFree(_firstFree))
            _firstFree++;
        return _firstFree;
    }

    /// <summary>The lowest block from <paramref name="from"/> on that another peer is asked for and this one may be too, or −1.</summary>
    public int NextShareable(int from, int peer)
    {
        for (var block = from; block < BlockCount; block++)
        {
            var first = block * maxRequesters;
            if (_requesters[first] >= 0 && _requesters[first + maxRequesters - 1] == Nobody && !IsAsked(block, peer))
                return block;
        }
        return -1;
    }

    public bool IsAsked(int block, int peer) => _requesters.AsSpan(block * maxRequesters, maxRequesters).Contains(peer);

    public void Ask(int block, int peer)
    {
        var slots = _requesters.AsSpan(block * maxRequesters, maxRequesters);
        var slot = slots.IndexOf(Nobody);
        Debug.Assert(slot >= 0 && slots[0] != Done, "Only a block that may be asked for is asked for.");
        slots[slot] = peer;
        if (slot == 0)
        {
            Free--;
            if (maxRequesters > 1)
                Shareable++;
        }
        else if (slot == maxRequesters - 1)
        {
            Shareable--;
        }
    }

    /// <summary>Takes a request back; returns whether the block was asked of that peer.</summary>
    public bool TakeBack(int block, int peer)
    {
        var slots = _requesters.AsSpan(block * maxRequesters, maxRequesters);
        var slot = slots.IndexOf(peer);
        if (slot < 0)
            return false;
        var wasFull = slots[^1] != Nobody;
        slots[(slot + 1)..].CopyTo(slots[slot..]);
        slots[^1] = Nobody;
        if (slots[0] == Nobody)
        {
            Free++;
            if (maxRequesters > 1)
                Shareable--;
            _firstFree = Math.Min(_firstFree, block);
        }
        else if (wasFull)
        {
            Shareable++;
        }
        return true;
    }

    /// <summary>Some peer that the block is asked of, or <see cref="Nobody"/>.</summary>
    public int RequesterOf(int block) => Math.Max(Nobody, _requesters[block * maxRequesters]);

    /// <summary>Marks a free block, whose requests have all been taken back, as received.</summary>
    public void Receive(int block)
    {
        Debug.Assert(IsFree(block), "Requests are taken back before a block is marked as received.");
        _requesters[block * maxRequesters] = Done;
        Free--;
        Received++;
    }
}
