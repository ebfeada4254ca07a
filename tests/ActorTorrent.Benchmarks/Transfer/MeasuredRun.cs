using System.Globalization;
using System.Text.Json.Nodes;

namespace ActorTorrent.Benchmarks.Transfer;

/// <summary>One run of a program under measurement: how it says what it has done.</summary>
internal abstract class MeasuredRun(ClientProcess process) : IAsyncDisposable
{
    public ClientProcess Process { get; } = process;

    /// <summary>The port it accepts peers at, once it serves.</summary>
    public int Port { get; protected set; }

    /// <summary>Where it accepts peers.</summary>
    public string EndPoint => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>When payload first came, for a program that says so itself because what it must be asked crosses the loopback interface too.</summary>
    public long? FirstPayloadAt { get; protected set; }

    /// <summary>Whether it ends by itself once complete, so that its CPU time is that of its whole life.</summary>
    public virtual bool EndsByItself => true;

    /// <summary>CPU seconds until it was complete, when it says so itself.</summary>
    public double? CpuUntilComplete { get; protected set; }

    /// <summary>What its runtime said of its heap at the start of the transfer and at its end; null when it has none.</summary>
    public (JsonObject Before, JsonObject After)? Heap { get; protected set; }

    /// <summary>Waits until it serves what it has.</summary>
    public abstract Task ReadyAsync(CancellationToken stop);

    /// <summary>Waits until everything has come and was checked.</summary>
    /// <returns>The timestamp of that.</returns>
    public abstract Task<long> CompleteAsync(CancellationToken stop);

    /// <summary>Lets it end, when it does not do so by itself.</summary>
    public virtual Task StopAsync(CancellationToken stop) => Process.StopAsync();

    public virtual ValueTask DisposeAsync() => Process.DisposeAsync();
}
