using ActorTorrent.Engine.Options;

namespace ActorTorrent.Engine.Peers;

/// <summary>Whether a peer sends PEX messages (BEP 11: one a minute) too often. Clocks differ and first ones come early: some are forgiven.</summary>
internal sealed class PexGate(PexOptions options, TimeSpan now)
{
    // A message counts as in time when this much of the interval has passed.
    private const double Tolerance = 0.75;

    private double _allowance = options.Burst;
    private TimeSpan _filledAt = now;

    /// <summary>Counts a message; false when there were too many.</summary>
    public bool TryPass(TimeSpan now)
    {
        _allowance = Math.Min(options.Burst, _allowance + ((now - _filledAt) / (options.Interval * Tolerance)));
        _filledAt = now;
        if (_allowance < 1)
            return false;
        _allowance--;
        return true;
    }
}
