using System.Net;
using ActorTorrent.Engine.Options;

namespace ActorTorrent.Engine.Discovery.Dht;

/// <summary>
/// How much each address may ask of us: a bucket of queries that refills. Who empties it is ignored for minutes. Bounded: the address heard of
/// longest ago is forgotten, one that is being ignored last. All addresses together have a bucket too.
/// </summary>
internal sealed class AddressLimiter(DhtOptions options)
{
    /// <summary>Addresses that are remembered.</summary>
    public const int MaxAddresses = 4096;

    private readonly Dictionary<IPAddress, Record> _records = [];
    private double _spent;
    private TimeSpan _spentAt;

    /// <summary>How many addresses are remembered.</summary>
    public int Count => _records.Count;

    /// <summary>Whether an address is being ignored.</summary>
    public bool IsIgnored(IPAddress address, TimeSpan now) => _records.TryGetValue(address, out var record) && record.IgnoredUntil > now;

    /// <summary>Counts what an address sent; false when it is too much.</summary>
    /// <param name="address">The address.</param>
    /// <param name="weight">In queries.</param>
    /// <param name="now">The time.</param>
    public bool Charge(IPAddress address, double weight, TimeSpan now)
    {
        if (!_records.TryGetValue(address, out var record))
        {
            if (_records.Count >= MaxAddresses)
                MakeRoom(now);
            _records.Add(address, record = new Record { At = now });
        }
        record.Spent = Math.Max(0, record.Spent - ((now - record.At).TotalSeconds * options.QueriesPerSecond)) + weight;
        record.At = now;
        if (record.IgnoredUntil > now)
            return false;
        if (record.Spent <= options.QueryBurst)
            return true;
        record.IgnoredUntil = now + options.FloodPause;
        record.Spent = 0;
        return false;
    }

    /// <summary>Counts an answer of ours against what all may have; false when it is too much.</summary>
    public bool ChargeAll(TimeSpan now)
    {
        _spent = Math.Max(0, _spent - ((now - _spentAt).TotalSeconds * options.AnswersPerSecond));
        _spentAt = now;
        if (_spent >= options.AnswersPerSecond)
            return false;
        _spent++;
        return true;
    }

    /// <summary>Forgets who has been quiet.</summary>
    public void Sweep(TimeSpan now)
    {
        var quiet = TimeSpan.FromSeconds(Math.Max(1, options.QueryBurst / options.QueriesPerSecond));
        List<IPAddress>? gone = null;
        foreach (var (address, record) in _records)
        {
            if (record.IgnoredUntil <= now && record.At + quiet <= now)
                (gone ??= []).Add(address);
        }
        foreach (var address in gone ?? [])
            _records.Remove(address);
    }

    /// <summary>Makes room for many at once, so that a flood from many addresses does not cost a search each.</summary>
    private void MakeRoom(TimeSpan now)
    {
        Sweep(now);
        if (_records.Count < MaxAddresses)
            return;
        var gone = _records.OrderBy(pair => pair.Value.IgnoredUntil > now).ThenBy(static pair => pair.Value.At).Take(MaxAddresses / 8);
        foreach (var (address, _) in gone.ToArray())
            _records.Remove(address);
    }

    private sealed class Record
    {
        public double Spent { get; set; }

        public TimeSpan At { get; set; }

        public TimeSpan IgnoredUntil { get; set; } = TimeSpan.MinValue;
    }
}
