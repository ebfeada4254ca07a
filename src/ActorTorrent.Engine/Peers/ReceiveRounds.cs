using ActorTorrent.Engine.Options;

namespace ActorTorrent.Engine.Peers;

/// <summary>
/// Fast connections are not told of what comes, but receive in rounds: one thread calls all of them every few milliseconds, so long that a
/// round brings about as much as is worth the waking. The thread is made when it is needed, and ends when no connection has been fast for a
/// while. Safe for use from several threads.
/// </summary>
/// <param name="options">How much a round should bring, and how long bytes may wait.</param>
internal sealed class ReceiveRounds(PeerOptions options)
{
    private const int StackSize = 256 << 10;
    private const int ShortestPause = 2;

    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(2);

    private readonly object _gate = new();
    private readonly int _longestPause = Math.Max(ShortestPause, (int)(options.ReceiveGatherWait / 2).TotalMilliseconds);
    private List<ReceiveTurn> _waiting = [];
    private List<ReceiveTurn> _called = [];
    private bool _isRunning;
    private long _brought;

    /// <summary>The next round; <see cref="ReceiveTurn.Begin"/> ends the wait.</summary>
    public ValueTask Next(ReceiveTurn turn)
    {
        var next = turn.Next();
        lock (_gate)
        {
            _waiting.Add(turn);
            if (_isRunning)
                Monitor.Pulse(_gate);
            else
                Start();
        }
        return next;
    }

    /// <summary>A connection has received so many bytes.</summary>
    public void Brought(int bytes) => Interlocked.Add(ref _brought, bytes);

    private void Start()
    {
        _isRunning = true;
        new Thread(Run, StackSize) { IsBackground = true, Name = "receive-rounds" }.UnsafeStart();
    }

    private void Run()
    {
        var pause = ShortestPause;
        while (true)
        {
            // First, not after they have come back: most do while it lasts, and then nobody has to be woken for that.
            Thread.Sleep(pause);
            if (!IsWanted())
                return;
            lock (_gate)
                (_waiting, _called) = (_called, _waiting);
            foreach (var turn in _called)
                turn.Call();
            _called.Clear();
            var brought = Interlocked.Exchange(ref _brought, 0);
            if (brought < options.ReceiveGatherBytes / 2)
                pause = Math.Min(pause + 1, _longestPause);
            else if (brought > options.ReceiveGatherBytes)
                pause = Math.Max(pause - 1, ShortestPause);
        }
    }

    private bool IsWanted()
    {
        lock (_gate)
        {
            while (_waiting.Count == 0)
            {
                if (!Monitor.Wait(_gate, Linger) && _waiting.Count == 0)
                {
                    _isRunning = false;
                    return false;
                }
            }
            return true;
        }
    }
}
