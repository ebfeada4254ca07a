using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using ActorTorrent.Benchmarks.Transfer;

namespace ActorTorrent.Benchmarks.Service;

/// <summary>
/// Clients that call an HTTP service, each over one connection that it keeps: its next request follows when the last one was answered and the
/// next is due. One thread plays them all, for they share the processors with what is measured.
/// </summary>
internal sealed class Crowd : IDisposable
{
    // Requests that are spread are looked after that often: what is due is sent, what came is taken.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private readonly IReadOnlyList<string> _paths;
    private readonly List<Caller> _callers = [];
    private readonly Dictionary<Socket, Caller> _bySocket = [];
    private readonly List<double> _latencies = [];
    private int _answered;

    /// <summary>Connects them.</summary>
    /// <param name="port">The service's port.</param>
    /// <param name="paths">What they ask for in turn, each beginning with another one.</param>
    /// <param name="clients">How many.</param>
    public Crowd(int port, IReadOnlyList<string> paths, int clients)
    {
        _paths = paths;
        for (var client = 0; client < clients; client++)
            _callers.Add(new Caller(client, new ApiCaller(port, paths)));
        foreach (var caller in _callers)
            _bySocket[caller.Connection.Socket] = caller;
    }

    /// <summary>Requests answered so far.</summary>
    public int Answered => Volatile.Read(ref _answered);

    /// <summary>Answers that were no success, and those that never came. This and what follows holds while they are not at work.</summary>
    public int Errors { get; private set; }

    /// <summary>The first of these.</summary>
    public string? FirstError { get; private set; }

    /// <summary>How long they were at work.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>CPU time of the thread that plays them.</summary>
    public TimeSpan Cpu { get; private set; }

    /// <summary>Bytes of all answers, their heads included.</summary>
    public long Bytes { get; private set; }

    /// <summary>Milliseconds that each answer took.</summary>
    public IReadOnlyList<double> Latencies => _latencies;

    /// <summary>Calls, and returns when every request was answered.</summary>
    /// <param name="requests">How many, all clients together.</param>
    /// <param name="span">What they are spread over; zero for as fast as they are answered.</param>
    /// <param name="stop">Ends it.</param>
    public Task RunAsync(int requests, TimeSpan span, CancellationToken stop) =>
        Task.Factory.StartNew(() => Run(requests, span, stop), stop, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public void Dispose() => _callers.ForEach(static caller => caller.Connection.Dispose());

    private void Run(int requests, TimeSpan span, CancellationToken stop)
    {
        // Clients are elsewhere, as a rule, and interrupt nobody here.
        ThreadPolicy.BeBatch();
        var (begin, cpu) = (Stopwatch.GetTimestamp(), ProcessClock.OfThisThread());
        foreach (var caller in _callers)
            (caller.First, caller.Done, caller.Each) = (caller.First + caller.Done, 0, (requests - caller.Number + _callers.Count - 1) / _callers.Count);
        var waiting = new List<Socket>(_callers.Count);
        while (_callers.Exists(static caller => caller.Done < caller.Each))
        {
            stop.ThrowIfCancellationRequested();
            var now = Stopwatch.GetElapsedTime(begin);
            waiting.Clear();
            foreach (var caller in _callers)
            {
                if (caller is { IsWaiting: false } && caller.Done < caller.Each && span * (((double)caller.Done * _callers.Count + caller.Number) / requests) <= now)
                    Ask(caller);
                if (caller.IsWaiting)
                    waiting.Add(caller.Connection.Socket);
            }
            // One that is woken for each answer would take more from the download than the answer.
            if (span > TimeSpan.Zero)
                Thread.Sleep(Tick);
            else
                Socket.Select(waiting, null, null, -1);
            foreach (var socket in waiting)
                Take(_bySocket[socket]);
        }
        Elapsed += Stopwatch.GetElapsedTime(begin);
        Cpu += ProcessClock.OfThisThread() - cpu;
    }

    private void Ask(Caller caller)
    {
        caller.Path = (caller.Number + caller.First + caller.Done) % _paths.Count;
        caller.AskedAt = Stopwatch.GetTimestamp();
        caller.IsWaiting = true;
        caller.Connection.Ask(caller.Path);
    }

    private void Take(Caller caller)
    {
        try
        {
            if (!caller.IsWaiting || !caller.Connection.Take())
                return;
        }
        catch (Exception e) when (e is SocketException or InvalidDataException)
        {
            Fail(caller.Each - caller.Done, e.Message);
            caller.IsWaiting = false;
            caller.Done = caller.Each;
            return;
        }
        caller.IsWaiting = false;
        caller.Done++;
        Bytes += caller.Connection.Length;
        _latencies.Add(Stopwatch.GetElapsedTime(caller.AskedAt).TotalMilliseconds);
        Volatile.Write(ref _answered, _answered + 1);
        if (caller.Connection.Status != 200)
            Fail(1, string.Create(CultureInfo.InvariantCulture, $"{_paths[caller.Path]}: {caller.Connection.Status}"));
    }

    private void Fail(int count, string what)
    {
        Errors += count;
        FirstError ??= what;
    }

    private sealed class Caller(int number, ApiCaller connection)
    {
        public int Number { get; } = number;

        public ApiCaller Connection { get; } = connection;

        /// <summary>Requests of earlier runs.</summary>
        public int First { get; set; }

        /// <summary>Requests of this run.</summary>
        public int Each { get; set; }

        /// <summary>Of these, the answered ones.</summary>
        public int Done { get; set; }

        public int Path { get; set; }

        public bool IsWaiting { get; set; }

        public long AskedAt { get; set; }
    }
}
