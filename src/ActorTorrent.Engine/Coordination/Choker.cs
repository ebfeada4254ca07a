namespace ActorTorrent.Engine.Coordination;

/// <summary>
/// Whom to upload to. Tit for tat: all slots but one go to the interested peers that give us most (a seed: that take fastest). A snubbed
/// peer earns nothing. The slots that nobody earned, always at least the optimistic one, go round among the rest, a period each, new peers
/// being more likely. Remembers whose turn it is and was, nothing else; time, rates and randomness are passed in. <see cref="Decide"/> is to
/// be asked each round (10 s); <see cref="Fill"/> between rounds, when a slot came free or somebody may take a free one.
/// </summary>
internal sealed class Choker
{
    private readonly ChokerOptions _options;
    private readonly Random _random;

    // Who is unchoked without having earned it, and since when.
    private readonly Dictionary<int, TimeSpan> _optimistic = [];
    private readonly List<ChokerPeer> _earned = [];
    private readonly List<ChokerPeer> _waiting = [];
    private readonly List<int> _over = [];

    // The last turn of each, counted: who has waited longest comes next where turns are in order.
    private readonly Dictionary<int, long> _lastTurns = [];
    private long _turns;

    /// <summary>Starts with nobody unchoked.</summary>
    public Choker(ChokerOptions options, Random random)
    {
        _options = options.Validated();
        _random = random;
        Slots = _options.Slots;
    }

    /// <summary>How many interested peers are unchoked at once, the optimistic one included; 0 uploads nothing.</summary>
    public int Slots { get; set; }

    /// <summary>Whether a peer was unchoked by the last decision without having earned it.</summary>
    public bool IsOptimistic(int peer) => _optimistic.ContainsKey(peer);

    /// <summary>Decides anew.</summary>
    /// <param name="now">The present.</param>
    /// <param name="peers">All connected peers, each once.</param>
    /// <param name="seeding">Whether we have all we want, so that no peer gives us anything.</param>
    /// <param name="unchoked">Where the peers to unchoke are put, in place of what it holds; all others are to be choked.</param>
    public void Decide(TimeSpan now, IReadOnlyList<ChokerPeer> peers, bool seeding, List<int> unchoked)
    {
        unchoked.Clear();
        _earned.Clear();
        _waiting.Clear();
        foreach (var peer in peers)
        {
            if (!peer.IsInterested)
                continue;
            if (EarningOf(peer, seeding) > 0)
                _earned.Add(peer);
            else
                _waiting.Add(peer);
        }

        var slots = Slots;
        ForgetTurnsOfGone(peers);
        var forEarned = Math.Max(0, slots - Math.Min(_options.OptimisticSlots, slots));
        if (seeding)
            _earned.Sort(static (x, y) => Compare(x, y, x.UploadRate, y.UploadRate));
        else
            _earned.Sort(static (x, y) => Compare(x, y, x.DownloadRate, y.DownloadRate));
        if (_earned.Count > forEarned)
        {
            // Who earned too little for a slot waits with the others for a chance to show more.
            _waiting.AddRange(_earned[forEarned..]);
            _earned.RemoveRange(forEarned, _earned.Count - forEarned);
        }
        foreach (var peer in _earned)
            unchoked.Add(peer.Number);

        EndTurns(now, slots - _earned.Count);
        foreach (var peer in _optimistic.Keys)
            unchoked.Add(peer);
        for (var free = slots - unchoked.Count; free > 0; free--)
        {
            if (!TryDraw(now, seeding, out var number))
                break;
            BeginTurn(number, now);
            unchoked.Add(number);
        }
    }

    /// <summary>
    /// Fills free slots, without waiting for the next round and without taking one from anybody who is interested still: first with those
    /// that earned one, then by lot.
    /// </summary>
    /// <inheritdoc cref="Decide"/>
    public void Fill(TimeSpan now, IReadOnlyList<ChokerPeer> peers, bool seeding, List<int> unchoked)
    {
        unchoked.Clear();
        _earned.Clear();
        _waiting.Clear();
        foreach (var peer in peers)
        {
            if (!peer.IsInterested)
                continue;
            if (peer.IsUnchoked)
                unchoked.Add(peer.Number);
            else if (EarningOf(peer, seeding) > 0)
                _earned.Add(peer);
            else
                _waiting.Add(peer);
        }
        _over.Clear();
        foreach (var number in _optimistic.Keys)
        {
            if (!unchoked.Contains(number))
                _over.Add(number);
        }
        foreach (var number in _over)
            _optimistic.Remove(number);
        _earned.Sort(static (x, y) => Compare(x, y, x.DownloadRate + x.UploadRate, y.DownloadRate + y.UploadRate));
        foreach (var peer in _earned)
        {
            if (unchoked.Count >= Slots)
                return;
            unchoked.Add(peer.Number);
        }
        while (unchoked.Count < Slots && TryDraw(now, seeding, out var drawn))
        {
            BeginTurn(drawn, now);
            unchoked.Add(drawn);
        }
    }

    /// <summary>What a peer has a claim by. Where a seed serves all in turn, nobody has any.</summary>
    private long EarningOf(ChokerPeer peer, bool seeding)
    {
        if (seeding)
            return _options.SeedChoking == SeedChoking.Fastest ? peer.UploadRate : 0;
        return peer.IsSnubbed ? 0 : peer.DownloadRate;
    }

    private void ForgetTurnsOfGone(IReadOnlyList<ChokerPeer> peers)
    {
        if (_lastTurns.Count <= 2 * peers.Count)
            return;
        var present = peers.Select(peer => peer.Number).ToHashSet();
        foreach (var number in _lastTurns.Keys.Where(number => !present.Contains(number)).ToArray())
            _lastTurns.Remove(number);
    }

    private void BeginTurn(int number, TimeSpan now)
    {
        _optimistic.Add(number, now);
        _lastTurns[number] = ++_turns;
    }

    /// <summary>The faster first; of two alike, the one that is unchoked already, since each change costs both sides.</summary>
    private static int Compare(ChokerPeer x, ChokerPeer y, long rateOfX, long rateOfY)
    {
        var order = rateOfY.CompareTo(rateOfX);
        if (order == 0)
            order = y.IsUnchoked.CompareTo(x.IsUnchoked);
        return order == 0 ? x.Number.CompareTo(y.Number) : order;
    }

    /// <summary>
    /// Ends the turn of peers that left, lost interest or earned a slot; of those whose time is up if someone waits; and, when more were
    /// earned than before, of the longest unchoked.
    /// </summary>
    private void EndTurns(TimeSpan now, int slots)
    {
        _over.Clear();
        foreach (var (number, since) in _optimistic)
        {
            if (!_waiting.Exists(peer => peer.Number == number))
                _over.Add(number);
            else if (now - since >= _options.OptimisticPeriod && _waiting.Count > slots)
                _over.Add(number);
        }
        foreach (var number in _over)
            _optimistic.Remove(number);
        while (_optimistic.Count > slots)
            _optimistic.Remove(_optimistic.MinBy(static turn => turn.Value).Key);

        // Whose turn just ended goes to the end of the line: not drawn again at once unless nobody else waits.
        _waiting.RemoveAll(peer => _optimistic.ContainsKey(peer.Number));
        var others = _waiting.Count - _waiting.Count(peer => _over.Contains(peer.Number));
        if (others >= slots - _optimistic.Count)
            _waiting.RemoveAll(peer => _over.Contains(peer.Number));
    }

    private bool TryDraw(TimeSpan now, bool seeding, out int number)
    {
        number = -1;
        if (seeding && _options.SeedChoking == SeedChoking.RoundRobin)
            return TryTakeNext(out number);
        var total = 0;
        foreach (var peer in _waiting)
            total += WeightOf(peer, now);
        if (total == 0)
            return false;
        var lot = _random.Next(total);
        for (var i = 0; i < _waiting.Count; i++)
        {
            lot -= WeightOf(_waiting[i], now);
            if (lot >= 0)
                continue;
            number = _waiting[i].Number;
            _waiting.RemoveAt(i);
            return true;
        }
        return false;
    }

    /// <summary>Whoever has waited longest since its last turn; before them, in the order of their numbers, those that had none.</summary>
    private bool TryTakeNext(out int number)
    {
        number = -1;
        if (_waiting.Count == 0)
            return false;
        var next = _waiting.MinBy(peer => (_lastTurns.GetValueOrDefault(peer.Number), peer.Number));
        number = next.Number;
        _waiting.Remove(next);
        return true;
    }

    private int WeightOf(ChokerPeer peer, TimeSpan now) => now - peer.ConnectedAt < _options.NewPeerPeriod ? _options.NewPeerWeight : 1;
}
