using System.Security.Cryptography;
using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Options;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Metadata;

/// <summary>
/// How a torrent's metadata (BEP 9) is had of strangers. Only the whole can be verified, so a liar among several senders cannot be told
/// from the others at first: then each peer is asked for a copy of its own, and whose copy is wrong has lied. Peers that claim different
/// sizes never share a copy. Once the truth is known, whoever sent anything else is found out. Pure: time is passed in, sessions are numbers.
/// </summary>
/// <param name="options">Bounds and delays.</param>
/// <param name="random">The source of chance.</param>
/// <param name="budget">What all torrents may put together at once: a copy is begun when there is room for all of it. Null for no bound.</param>
internal sealed class MetadataFetch(MetadataOptions options, Random random, ByteBudget? budget = null)
{
    // Peers that are gone and whose words are kept until the truth is known.
    private const int MostPast = 64;

    // Peers that one piece is asked of at once when there is no other left to ask for.
    private const int MostAskers = 2;

    private readonly Dictionary<int, MetadataSource> _sources = [];
    private readonly Queue<MetadataSource> _past = new();
    private readonly Dictionary<MetadataCopyKey, MetadataCopy> _copies = [];
    private readonly Dictionary<MetadataCopyKey, TimeSpan> _triedAt = [];
    private readonly HashSet<long> _disputed = [];
    private TimeSpan _yieldsUntil = TimeSpan.MinValue;

    /// <summary>Peers that offer it.</summary>
    public int SourceCount => _sources.Count;

    /// <summary>The copy that is nearest to its end; null when there is none.</summary>
    public MetadataCopy? Best => _copies.Values.MinBy(copy => (double)copy.Missing / copy.PieceCount);

    /// <summary>Bytes of pieces held.</summary>
    public long Held => _copies.Values.Sum(copy => (long)(copy.PieceCount - copy.Missing) * MetadataMessage.PieceLength);

    /// <summary>Whether a size can be that of metadata.</summary>
    public bool IsPossible(long size) => size >= 1 && size <= options.MaxBytes;

    /// <summary>A peer offers metadata; false when it offered some of another size before.</summary>
    public bool Add(int session, long size)
    {
        if (_sources.TryGetValue(session, out var known))
            return known.Size == size;
        _sources.Add(session, new MetadataSource(session, size));
        return true;
    }

    /// <summary>A peer is gone.</summary>
    public void Remove(int session)
    {
        if (!_sources.Remove(session, out var source))
            return;
        foreach (var piece in source.Owed.Keys)
            CopyOf(source)?.NotAsked(piece);
        source.Owed.Clear();
        Drop(new MetadataCopyKey(source.Size, session));
        _triedAt.Remove(new MetadataCopyKey(source.Size, session));
        if (!_sources.Values.Any(other => other.Size == source.Size))
        {
            Drop(new MetadataCopyKey(source.Size, null));
            _triedAt.Remove(new MetadataCopyKey(source.Size, null));
            _disputed.Remove(source.Size);
        }
        if (source.Sums.Count == 0)
            return;
        if (_past.Count == MostPast)
            _past.Dequeue();
        _past.Enqueue(source);
    }

    /// <summary>What to ask of whom now.</summary>
    public IReadOnlyList<(int Session, int Piece)> Ask(TimeSpan now)
    {
        TakeTurns(now);
        var questions = new List<(int, int)>();
        foreach (var source in _sources.Values)
            Ask(source, now, questions);
        return questions;
    }

    /// <summary>A piece came that was asked for.</summary>
    public void Receive(int session, int piece, byte[] data, TimeSpan now)
    {
        if (!_sources.TryGetValue(session, out var source) || !source.Owed.Remove(piece))
            return;
        source.HeardAt = now;
        source.Sums[piece] = SHA1.HashData(data);
        if (CopyOf(source) is not { } copy)
            return;
        copy.NotAsked(piece);
        if (!copy.IsBeingVerified)
            copy.Put(piece, data, session);
    }

    /// <summary>A peer will not send a piece.</summary>
    public void Reject(int session, int piece, TimeSpan now)
    {
        if (!_sources.TryGetValue(session, out var source) || !source.Owed.Remove(piece))
            return;
        source.RestsUntil = now + options.RetryDelay;
        CopyOf(source)?.NotAsked(piece);
    }

    /// <summary>Peers that owe pieces and have sent none for too long.</summary>
    public IReadOnlyList<int> Overdue(TimeSpan now) =>
    [
        .. _sources.Values
            .Where(source => source.Owed.Count > 0 && now - Max(source.HeardAt, source.Owed.Values.Min()) > options.Timeout)
            .Select(source => source.Session),
    ];

    /// <summary>A copy that is whole and not yet on its way to be verified; null when there is none.</summary>
    public MetadataCopy? TakeWhole()
    {
        var whole = _copies.Values.FirstOrDefault(copy => copy is { Missing: 0, IsBeingVerified: false });
        if (whole is not null)
            whole.IsBeingVerified = true;
        return whole;
    }

    /// <summary>A copy does not match the info hash. Returns the peer that is thereby proven to lie; null when several sent it.</summary>
    public int? Mismatch(MetadataCopy copy, TimeSpan now)
    {
        if (_copies.GetValueOrDefault(copy.Key) == copy)
        {
            Drop(copy.Key);
            _triedAt[copy.Key] = now;
        }
        var senders = copy.Senders();
        if (senders.Count == 1)
            return senders.First();
        if (_sources.Values.Any(source => source.Size == copy.Key.Size))
            _disputed.Add(copy.Key.Size);
        return null;
    }

    /// <summary>The metadata is known. Returns who lied about it, now or before it was gone: about its size, or else its bytes.</summary>
    public IReadOnlyList<(int Session, bool IsAboutSize)> Found(ReadOnlySpan<byte> metadata)
    {
        var truth = new byte[MetadataMessage.PieceCount(metadata.Length)][];
        for (var piece = 0; piece < truth.Length; piece++)
            truth[piece] = SHA1.HashData(metadata.Slice(piece * MetadataMessage.PieceLength, MetadataMessage.PieceSize(metadata.Length, piece)));
        var liars = new List<(int, bool)>();
        foreach (var source in _sources.Values.Concat(_past))
        {
            if (source.Size != metadata.Length)
                liars.Add((source.Session, true));
            else if (source.Sums.Any(sum => !sum.Value.AsSpan().SequenceEqual(truth[sum.Key])))
                liars.Add((source.Session, false));
        }
        _sources.Clear();
        _past.Clear();
        Leave();
        _triedAt.Clear();
        _disputed.Clear();
        return liars;
    }

    /// <summary>The end: no copy is held any more.</summary>
    public void Leave()
    {
        foreach (var key in _copies.Keys)
            budget?.Return(key.Size);
        _copies.Clear();
    }

    /// <summary>Sees to it that as many copies as allowed are being put together, and that every claim gets its turn.</summary>
    private void TakeTurns(TimeSpan now)
    {
        // Another torrent goes without: who has had its turn makes room for it.
        if (budget?.TakeWanted() == true && MakeRoom(now))
            _yieldsUntil = now + options.RetryDelay;
        if (now < _yieldsUntil)
            return;
        var claims = _sources.Values
            .CountBy(source => KeyOf(source))
            .Where(claim => !_copies.ContainsKey(claim.Key))
            .OrderBy(claim => _triedAt.GetValueOrDefault(claim.Key, TimeSpan.MinValue))
            .ThenByDescending(claim => claim.Value)
            .ThenBy(_ => random.Next());
        foreach (var (key, _) in claims.ToArray())
        {
            if (_copies.Count >= options.Copies && !MakeRoom(now))
                return;
            if (budget?.TryTake(key.Size) == false)
                continue;
            _copies.Add(key, new MetadataCopy(key, now));
            // What was asked for an earlier copy and is still owed counts for this one.
            foreach (var source in _sources.Values.Where(source => KeyOf(source) == key))
            {
                foreach (var piece in source.Owed.Keys)
                    _copies[key].Asked(piece);
            }
        }
    }

    private bool MakeRoom(TimeSpan now)
    {
        var least = _copies.Values
            .Where(copy => !copy.IsBeingVerified && now - copy.BegunAt >= options.CopyTurn)
            .MinBy(copy => (_sources.Values.Count(source => KeyOf(source) == copy.Key), copy.BegunAt));
        if (least is null)
            return false;
        Drop(least.Key);
        _triedAt[least.Key] = now;
        return true;
    }

    private void Ask(MetadataSource source, TimeSpan now, List<(int, int)> questions)
    {
        if (source.RestsUntil > now || source.Owed.Count >= options.Pipeline || CopyOf(source) is not { IsBeingVerified: false } copy)
            return;
        for (var askers = 0; askers < MostAskers; askers++)
        {
            var start = random.Next(copy.PieceCount);
            for (var i = 0; i < copy.PieceCount; i++)
            {
                var piece = (start + i) % copy.PieceCount;
                if (copy.Has(piece) || copy.Askers(piece) != askers || source.Owed.ContainsKey(piece))
                    continue;
                copy.Asked(piece);
                source.Owed.Add(piece, now);
                questions.Add((source.Session, piece));
                if (source.Owed.Count >= options.Pipeline)
                    return;
            }
        }
    }

    private MetadataCopyKey KeyOf(MetadataSource source) => new(source.Size, _disputed.Contains(source.Size) ? source.Session : null);

    private MetadataCopy? CopyOf(MetadataSource source) => _copies.GetValueOrDefault(KeyOf(source));

    private void Drop(MetadataCopyKey key)
    {
        if (_copies.Remove(key))
            budget?.Return(key.Size);
    }

    private static TimeSpan Max(TimeSpan x, TimeSpan y) => x > y ? x : y;
}
