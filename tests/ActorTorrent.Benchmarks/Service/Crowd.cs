using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ActorTorrent.Benchmarks.Service;

/// <summary>Clients that call an HTTP service at a steady rate, each over one connection that it keeps.</summary>
/// <param name="port">The service's port.</param>
/// <param name="paths">What they ask for in turn, each beginning with another one.</param>
/// <param name="clients">How many.</param>
/// <param name="each">Requests of each.</param>
/// <param name="span">What the requests are spread over.</param>
internal sealed class Crowd(int port, IReadOnlyList<string> paths, int clients, int each, TimeSpan span)
{
    private readonly ConcurrentBag<double> _latencies = [];
    private int _answered;
    private int _errors;
    private string? _firstError;

    /// <summary>Requests answered so far.</summary>
    public int Answered => Volatile.Read(ref _answered);

    /// <summary>Answers so far that were no success, and connections that failed.</summary>
    public int Errors => Volatile.Read(ref _errors);

    /// <summary>The first of these.</summary>
    public string? FirstError => Volatile.Read(ref _firstError);

    /// <summary>Milliseconds that this part of the answers came within.</summary>
    public double Percentile(double part)
    {
        var sorted = _latencies.Order().ToList();
        return sorted.Count == 0 ? 0 : sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * part))];
    }

    public Task RunAsync(CancellationToken stop)
    {
        var begin = Stopwatch.GetTimestamp();
        return Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(() => CallAsync(client, begin, stop), stop)));
    }

    private async Task CallAsync(int client, long begin, CancellationToken stop)
    {
        var done = 0;
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), stop);
            var connection = new HttpConnection(socket, string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"));
            for (; done < each; done++)
            {
                var due = span * ((done + ((double)client / clients)) / each);
                var wait = due - Stopwatch.GetElapsedTime(begin);
                if (wait > TimeSpan.Zero)
                    await Task.Delay(wait, stop);
                var path = paths[(client + done) % paths.Count];
                var from = Stopwatch.GetTimestamp();
                var status = await connection.GetAsync(path, stop);
                _latencies.Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
                Interlocked.Increment(ref _answered);
                if (status != 200)
                    Fail(1, string.Create(CultureInfo.InvariantCulture, $"{path}: {status}"));
            }
        }
        catch (Exception e) when (e is SocketException or InvalidDataException)
        {
            Fail(each - done, e.Message);
        }
    }

    private void Fail(int count, string what)
    {
        Interlocked.Add(ref _errors, count);
        Interlocked.CompareExchange(ref _firstError, what, null);
    }
}
