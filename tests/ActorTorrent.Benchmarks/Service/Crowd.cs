using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace ActorTorrent.Benchmarks.Service;

/// <summary>
/// Clients that call an HTTP service, each over one connection that it keeps: its next request follows when the last one was answered and the
/// next is due. One thread plays them all, for they share the processors with what is measured.
/// </summary>
/// <param name="port">The service's port.</param>
/// <param name="paths">What they ask for in turn, each beginning with another one; one list for each <see cref="Turn"/>, all equally long.</param>
/// <param name="clients">How many.</param>
/// <param name="each">Requests of each.</param>
/// <param name="span">What the requests are spread over; zero for as fast as they are answered.</param>
internal sealed class Crowd(int port, IReadOnlyList<IReadOnlyList<string>> paths, int clients, int each, TimeSpan span)
{
    // The system's clock for waits; a request is late by that much at most.
    private const int TickMicroseconds = 1000;

    private readonly List<double> _latencies = new(clients * each);
    private int _answered;
    private int _turn;

    /// <summary>Which list of paths holds now.</summary>
    public int Turn
    {
        get => Volatile.Read(ref _turn);
        set => Volatile.Write(ref _turn, value);
    }

    /// <summary>Requests answered so far.</summary>
    public int Answered => Volatile.Read(ref _answered);

    /// <summary>Answers that were no success, and those that never came. Holds once they are done.</summary>
    public int Errors { get; private set; }

    /// <summary>The first of these.</summary>
    public string? FirstError { get; private set; }

    /// <summary>How long it all took.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>Bytes of all answers, their heads included.</summary>
    public long Bytes { get; private set; }

    /// <summary>Milliseconds that this part of the answers came within. Holds once they are done.</summary>
    public double Percentile(double part)
    {
        var sorted = _latencies.Order().ToList();
        return sorted.Count == 0 ? 0 : sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * part))];
    }

    /// <summary>Connects, calls, and returns when every request was answered.</summary>
    public Task RunAsync(CancellationToken stop) => Task.Factory.StartNew(() => Run(stop), stop, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run(CancellationToken stop)
    {
        string[] all = [.. paths.SelectMany(static list => list)];
        var callers = new List<Caller>();
        try
        {
            for (var client = 0; client < clients; client++)
                callers.Add(new Caller(client, new ApiCaller(port, all)));
            var bySocket = callers.ToDictionary(static caller => caller.Connection.Socket);
            var begin = Stopwatch.GetTimestamp();
            var waiting = new List<Socket>(clients);
            while (callers.Exists(caller => caller.Done < each))
            {
                stop.ThrowIfCancellationRequested();
                var now = Stopwatch.GetElapsedTime(begin);
                waiting.Clear();
                foreach (var caller in callers)
                {
                    if (caller is { IsWaiting: false } && caller.Done < each && DueOf(caller) <= now)
                        Ask(caller);
                    if (caller.IsWaiting)
                        waiting.Add(caller.Connection.Socket);
                }
                if (waiting.Count == 0)
                    Thread.Sleep(1);
                else
                    Socket.Select(waiting, null, null, TickMicroseconds);
                foreach (var socket in waiting)
                    Take(bySocket[socket]);
            }
            Elapsed = Stopwatch.GetElapsedTime(begin);
        }
        finally
        {
            callers.ForEach(static caller => caller.Connection.Dispose());
        }
    }

    private TimeSpan DueOf(Caller caller) => span * ((caller.Done + ((double)caller.Number / clients)) / each);

    private void Ask(Caller caller)
    {
        caller.Path = (Turn * paths[0].Count) + ((caller.Number + caller.Done) % paths[0].Count);
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
            Fail(each - caller.Done, e.Message);
            caller.IsWaiting = false;
            caller.Done = each;
            return;
        }
        caller.IsWaiting = false;
        caller.Done++;
        Bytes += caller.Connection.Length;
        _latencies.Add(Stopwatch.GetElapsedTime(caller.AskedAt).TotalMilliseconds);
        Volatile.Write(ref _answered, _answered + 1);
        if (caller.Connection.Status != 200)
            Fail(1, string.Create(CultureInfo.InvariantCulture, $"{paths[caller.Path / paths[0].Count][caller.Path % paths[0].Count]}: {caller.Connection.Status}"));
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

        public int Done { get; set; }

        public int Path { get; set; }

        public bool IsWaiting { get; set; }

        public long AskedAt { get; set; }
    }
}
