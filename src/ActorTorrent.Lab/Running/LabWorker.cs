using System.Text.Json;
using System.Threading.Channels;

namespace ActorTorrent.Lab.Running;

/// <summary>The life of a helper: orders in, reports out, to the end of the orders.</summary>
public static class LabWorker
{
    /// <summary>Runs as a helper on the standard streams, until the input ends.</summary>
    /// <param name="kind">What to do.</param>
    /// <param name="input">Orders.</param>
    /// <param name="output">Reports.</param>
    public static async Task RunAsync(WorkerKind kind, TextReader input, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        var orders = Channel.CreateUnbounded<string>();
        var reports = Channel.CreateUnbounded<string>();
        var reading = Task.Run(async () =>
        {
            while (await input.ReadLineAsync() is { } line)
                orders.Writer.TryWrite(line);
            orders.Writer.TryComplete();
        });
        var writing = Task.Run(async () =>
        {
            await foreach (var line in reports.Reader.ReadAllAsync())
            {
                await output.WriteLineAsync(line);
                if (reports.Reader.Count == 0)
                    await output.FlushAsync();
            }
        });
        var working = RunAsync(kind, orders.Reader, line => reports.Writer.TryWrite(line));
        // Whoever cannot be told anything any more has nobody to work for.
        if (await Task.WhenAny(working, writing) == writing)
            await writing;
        try
        {
            await working;
            await reading;
        }
        finally
        {
            reports.Writer.TryComplete();
            await writing;
        }
    }

    internal static async Task RunAsync(WorkerKind kind, ChannelReader<string> orders, Action<string> report)
    {
        if (kind == WorkerKind.Peers)
        {
            await using var worker = new PeersWorker(message => report(JsonSerializer.Serialize(message, LabJsonContext.Default.PeersReport)));
            await foreach (var line in orders.ReadAllAsync())
                await worker.HandleAsync(JsonSerializer.Deserialize(line, LabJsonContext.Default.PeersOrder)!);
        }
        else
        {
            await using var worker = new EngineWorker(message => report(JsonSerializer.Serialize(message, LabJsonContext.Default.EngineReport)));
            await foreach (var line in orders.ReadAllAsync())
                await worker.HandleAsync(JsonSerializer.Deserialize(line, LabJsonContext.Default.EngineOrder)!);
        }
    }
}
