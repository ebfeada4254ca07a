using ActorTorrent.Engine.Coordination;
using ActorTorrent.Engine.Limits;
using ActorTorrent.Engine.Options;
using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Peers;

/// <summary>What one peer asked for and what of it is on its way from disk to socket; what <see cref="PeerUploads"/> works on.</summary>
/// <param name="lease">What the limits allow.</param>
/// <param name="budget">What all connections together may have between disk and sockets.</param>
/// <param name="options">How large the window is at first and at most.</param>
internal sealed class UploadQueue(BandwidthLease lease, ByteBudget budget, PeerOptions options)
{
    private readonly HashSet<BlockRequest> _reading = [];
    private readonly List<UploadRun> _runs = [];

    // Bytes that may be on their way: more once the peer has taken some. What our own system took for it proves nothing, and that may be megabytes.
    private int _reach = Math.Min(options.FirstUploadWindowBytes, options.UploadWindowBytes);

    /// <summary>What waits.</summary>
    public RequestQueue Queue { get; } = new();

    /// <summary>How fast it leaves.</summary>
    public RateMeter Rate { get; } = new();

    /// <summary>What the limits allow.</summary>
    public BandwidthLease Lease { get; } = lease;

    /// <summary>Bytes between disk and socket.</summary>
    public int Window { get; private set; }

    /// <summary>Whether more may be read for it: while the budget of all is spent, only once everything before has left.</summary>
    public bool MayRead => Window < _reach && (Window <= 0 || !budget.IsSpent);

    /// <summary>Whether a run that is being put together may have more.</summary>
    /// <param name="length">Bytes that it has.</param>
    public bool MayGrow(int length) => Window + length < _reach && !budget.IsSpent;

    /// <summary>Whether nothing waits and nothing is on its way.</summary>
    public bool IsIdle => Queue.Count == 0 && Window == 0 && _runs.Count == 0 && !Lease.IsAsking;

    /// <summary>Queues a request; false when there are as many as may be, or when it was asked for already.</summary>
    public bool TryAdd(BlockRequest block, int most) => Queue.Count < most && !_reading.Contains(block) && Queue.TryAdd(block);

    /// <summary>Forgets a request that was not sent yet; false when there is none.</summary>
    public bool Remove(BlockRequest block) => Queue.Remove(block) || _reading.Remove(block);

    /// <summary>Takes the request at the head over into a run.</summary>
    public BlockRequest Take(BlockRequest block, UploadRun run)
    {
        Queue.TryTake(out _);
        _reading.Add(block);
        run.Parts.Add(block);
        return block;
    }

    /// <summary>The run is being read.</summary>
    public void Begin(UploadRun run)
    {
        Window += run.Range.Length;
        budget.Take(run.Range.Length);
        _runs.Add(run);
    }

    /// <summary>A run that is over, with the requests that were not taken back meanwhile; null when it is none of this session's.</summary>
    /// <param name="parts">What storage was given of it.</param>
    /// <param name="lost">How many bytes were taken back.</param>
    public UploadRun? EndRun(IReadOnlyList<BlockRequest>? parts, out int lost)
    {
        lost = 0;
        for (var index = 0; index < _runs.Count; index++)
        {
            var run = _runs[index];
            if (!ReferenceEquals(run.Parts, parts))
                continue;
            _runs.RemoveAt(index);
            foreach (var block in run.Parts)
            {
                if (_reading.Remove(block))
                    run.Blocks.Add(block);
                else
                    lost += block.Length;
            }
            return run;
        }
        return null;
    }

    /// <summary>Bytes will not be sent after all.</summary>
    public void Release(int bytes)
    {
        Window -= bytes;
        budget.Return(bytes);
        Lease.Untake(bytes);
    }

    /// <summary>Bytes left through the socket.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="acknowledged">Bytes that the peer's system had acknowledged by then.</param>
    /// <param name="now">The present.</param>
    public void Sent(int bytes, long acknowledged, TimeSpan now)
    {
        Window -= bytes;
        _reach = (int)Math.Max(_reach, Math.Min(options.FirstUploadWindowBytes + acknowledged, options.UploadWindowBytes));
        budget.Return(bytes);
        Rate.Add(bytes, now);
    }

    /// <summary>The connection is over: what was on its way does not count any more.</summary>
    public void Leave()
    {
        Lease.Leave();
        budget.Return(Window);
        Window = 0;
    }
}
