using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Peers;

/// <summary>
/// How many blocks to have outstanding at one peer: some seconds of its measured rate. At the start, when nothing is measured, the number
/// doubles each round (as many blocks as were outstanding) until a round is no faster than the one before. Time and rate are passed in.
/// </summary>
internal sealed class RequestPipeline
{
    // A round that is less than this much faster than the last one did not gain from its deeper queue.
    private const double Growth = 1.25;

    private readonly RequestPipelineOptions _options;
    private int _max;
    private int _roundBlocks;
    private TimeSpan _roundStart;
    private double _lastRoundRate;
    private bool _roundStarted;

    /// <summary>Starts slow.</summary>
    public RequestPipeline(RequestPipelineOptions options)
    {
        _options = options.Validated();
        _max = options.MaxBlocks;
        Reset();
    }

    /// <summary>How many blocks to have outstanding.</summary>
    public int Target { get; private set; }

    /// <summary>Whether the target still doubles round by round.</summary>
    public bool IsSlowStart { get; private set; }

    /// <summary>Limits the target to what the peer says it queues (the <c>reqq</c> of BEP 10).</summary>
    public void LimitTo(int peerQueue)
    {
        _max = Math.Clamp(peerQueue, 1, _options.MaxBlocks);
        Target = Math.Min(Target, _max);
    }

    /// <summary>Starts slow again, when the peer unchokes us say, or stalled.</summary>
    public void Reset()
    {
        Target = Math.Min(Math.Max(_options.MinBlocks, Math.Min(_options.Batch, _options.MaxBlocks)), _max);
        IsSlowStart = true;
        _roundStarted = false;
        _roundBlocks = 0;
        _lastRoundRate = 0;
    }

    /// <summary>Notes that blocks were asked for: the first ones start the first round.</summary>
    public void Requested(TimeSpan now)
    {
        if (_roundStarted)
            return;
        _roundStarted = true;
        _roundStart = now;
    }

    /// <summary>Notes that blocks came in and sets the target anew.</summary>
    /// <param name="blocks">How many.</param>
    /// <param name="now">The present.</param>
    /// <param name="bytesPerSecond">The peer's rate as measured by its <see cref="RateMeter"/>.</param>
    public void Received(int blocks, TimeSpan now, long bytesPerSecond)
    {
        if (IsSlowStart)
            GoOnSlowly(blocks, now);
        if (!IsSlowStart)
            Target = ByRate(bytesPerSecond);
    }

    /// <summary>
    /// How many blocks to ask for now: nothing while enough are outstanding, so that requests go out in batches; else up to the target.
    /// </summary>
    public int ToRequest(int outstanding)
    {
        var room = Target - outstanding;
        return room >= BatchOf(Target) ? room : 0;
    }

    /// <summary>At least the option's batch, an eighth of a deep queue; but never more than half of the queue, which must not run dry.</summary>
    private int BatchOf(int target) => Math.Max(1, Math.Min(Math.Max(_options.Batch, target / 8), target / 2));

    private int ByRate(long bytesPerSecond)
    {
        var blocks = bytesPerSecond / (double)FileLayout.BlockLength * _options.Ahead.TotalSeconds;
        return (int)Math.Min(_max, Math.Max(_options.MinBlocks, Math.Ceiling(Math.Min(blocks, _options.MaxBlocks))));
    }

    private void GoOnSlowly(int blocks, TimeSpan now)
    {
        Requested(now);
        _roundBlocks += blocks;
        if (_roundBlocks < Target)
            return;
        var elapsed = now - _roundStart;
        var rate = elapsed > TimeSpan.Zero ? _roundBlocks / elapsed.TotalSeconds : double.PositiveInfinity;
        if (Target >= _max || rate < _lastRoundRate * Growth)
        {
            IsSlowStart = false;
            return;
        }
        Target = Math.Min(_max, Target * 2);
        _lastRoundRate = double.IsInfinity(rate) ? _lastRoundRate : rate;
        _roundStart = now;
        _roundBlocks = 0;
    }
}
