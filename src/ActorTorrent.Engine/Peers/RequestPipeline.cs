using ActorTorrent.Engine.Options;
using ActorTorrent.Wire.Metainfo;

namespace ActorTorrent.Engine.Peers;

/// <summary>
/// How many blocks to have outstanding at one peer: some seconds of its measured rate. At the start, when nothing is measured, the number
/// doubles each round (as many blocks as were outstanding) until a round is no faster than the one before. Time and rate are passed in.
/// </summary>
internal sealed class RequestPipeline
{
    // Requests go out so many at a time at least, as far as the target allows.
    private const int Batch = 16;

    // A round that is less than this much faster than the last one did not gain from its deeper queue.
    private const double Growth = 1.25;

    private readonly PeerOptions _options;
    private int _max;
    private int _roundBlocks;
    private TimeSpan? _roundStart;
    private double _lastRoundRate;

    /// <summary>Starts slow.</summary>
    public RequestPipeline(PeerOptions options)
    {
        _options = options;
        _max = options.MaxPipeline;
        Reset();
    }

    /// <summary>How many blocks to have outstanding.</summary>
    public int Target { get; private set; }

    /// <summary>Whether the target still doubles round by round.</summary>
    public bool IsSlowStart { get; private set; }

    /// <summary>Limits the target to what the peer says it queues (the <c>reqq</c> of BEP 10).</summary>
    public void LimitTo(int peerQueue)
    {
        _max = Math.Clamp(peerQueue, 1, _options.MaxPipeline);
        Target = Math.Min(Target, _max);
    }

    /// <summary>Starts slow again: the peer choked us, say, or stalled.</summary>
    public void Reset()
    {
        Target = Math.Min(Math.Max(_options.MinPipeline, Batch), _max);
        IsSlowStart = true;
        _roundStart = null;
        _roundBlocks = 0;
        _lastRoundRate = 0;
    }

    /// <summary>Notes that blocks came in, all at once.</summary>
    public void Received(int blocks, TimeSpan now)
    {
        if (!IsSlowStart)
            return;
        _roundStart ??= now;
        _roundBlocks += blocks;
        if (_roundBlocks < Target)
            return;
        var elapsed = now - _roundStart.Value;
        var rate = elapsed > TimeSpan.Zero ? _roundBlocks / elapsed.TotalSeconds : double.PositiveInfinity;
        if (Target >= _max || rate < _lastRoundRate * Growth)
        {
            IsSlowStart = false;
            return;
        }
        Target = Math.Min(_max, Target * 2);
        // A round within one instant measures nothing but the clock.
        _lastRoundRate = double.IsInfinity(rate) ? _lastRoundRate : rate;
        _roundStart = now;
        _roundBlocks = 0;
    }

    /// <summary>
    /// How many blocks to ask for now: nothing while enough are outstanding, so that requests go out in batches; else up to the target.
    /// </summary>
    /// <param name="outstanding">How many are outstanding.</param>
    /// <param name="bytesPerSecond">The peer's rate as measured by its <see cref="RateMeter"/>.</param>
    public int Room(int outstanding, double bytesPerSecond)
    {
        if (!IsSlowStart)
            Target = ByRate(bytesPerSecond);
        var room = Target - outstanding;
        return room >= BatchOf(Target) ? room : 0;
    }

    /// <summary>An eighth of a deep queue; but never more than half of any queue, which must not run dry.</summary>
    private static int BatchOf(int target) => Math.Max(1, Math.Min(Math.Max(Batch, target / 8), target / 2));

    private int ByRate(double bytesPerSecond)
    {
        var blocks = Math.Ceiling(bytesPerSecond / FileLayout.BlockLength * _options.PipelineDepth.TotalSeconds);
        return (int)Math.Min(_max, Math.Max(_options.MinPipeline, blocks));
    }
}
