using System.Diagnostics;

namespace ActorTorrent.Benchmarks.Transfer;

/// <summary>
/// Watches one process from a thread of its own: its memory every 50 ms, and, until it is seen, every millisecond whether
/// payload has crossed the loopback interface.
/// </summary>
internal sealed class ProcessMeter : IDisposable
{
    private const long Kibibyte = 1024;

    /// <summary>More than handshakes, bitfields and requests take together; at the rate of a transfer it passes in no time.</summary>
    private const long PayloadThreshold = 48 * Kibibyte;

    private static readonly TimeSpan MemoryInterval = TimeSpan.FromMilliseconds(50);

    private readonly Thread _thread;
    private readonly ProcFile _interface = new("/proc/net/dev");
    private readonly long _baseline;
    private ProcFile? _status;
    private long _start;
    private long _firstPayload;
    private long _peakAnonymous;
    private long _peakResident;
    private volatile bool _isOver;

    /// <summary>Takes the loopback interface's count as it is now; nothing else may use the interface from here on.</summary>
    public ProcessMeter()
    {
        _baseline = Loopback();
        _thread = new Thread(Watch) { IsBackground = true, Name = "meter", Priority = ThreadPriority.AboveNormal };
    }

    /// <summary>The most anonymous memory seen, in bytes.</summary>
    public long PeakAnonymous => Volatile.Read(ref _peakAnonymous);

    /// <summary>The most resident memory, in bytes, as the kernel keeps it.</summary>
    public long PeakResident => Volatile.Read(ref _peakResident);

    /// <summary>From the start given until payload crossed the loopback interface; null when it did not.</summary>
    public TimeSpan? FirstPayload => Volatile.Read(ref _firstPayload) is > 0 and var at ? Stopwatch.GetElapsedTime(_start, at) : null;

    /// <summary>Starts watching.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="start">The timestamp that times count from.</param>
    public void Start(int processId, long start)
    {
        _start = start;
        try
        {
            _status = new ProcFile($"/proc/{processId}/status");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // It has ended already; whoever waits for it will say so.
        }
        _thread.Start();
    }

    public void Dispose()
    {
        _isOver = true;
        if (_thread.IsAlive)
            _thread.Join();
        _interface.Dispose();
        _status?.Dispose();
    }

    private void Watch()
    {
        var nextMemory = 0L;
        while (!_isOver)
        {
            var now = Stopwatch.GetTimestamp();
            if (_firstPayload == 0 && Loopback() - _baseline >= PayloadThreshold)
                Volatile.Write(ref _firstPayload, Stopwatch.GetTimestamp());
            if (now >= nextMemory)
            {
                nextMemory = now + (long)(MemoryInterval.TotalSeconds * Stopwatch.Frequency);
                if (_status?.Refresh() is true)
                {
                    Volatile.Write(ref _peakAnonymous, Math.Max(_peakAnonymous, _status.Number("RssAnon:"u8) * Kibibyte));
                    Volatile.Write(ref _peakResident, Math.Max(_peakResident, _status.Number("VmHWM:"u8) * Kibibyte));
                }
            }
            Thread.Sleep(_firstPayload == 0 ? TimeSpan.FromMilliseconds(1) : TimeSpan.FromMilliseconds(10));
        }
    }

    private long Loopback() => _interface.Refresh() ? _interface.Number("lo:"u8) : 0;
}
