using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using ActorTorrent.Benchmarks.Transfer;

namespace ActorTorrent.Benchmarks.Service;

/// <summary>Downloads a torrent again and again, and removes it with its content each time.</summary>
/// <param name="service">Who downloads.</param>
/// <param name="rpc">Its API.</param>
/// <param name="events">Its events of torrents.</param>
/// <param name="crowd">Who calls its API.</param>
/// <param name="source">The torrent.</param>
internal sealed class LoadRun(ClientProcess service, RpcClient rpc, StreamReader events, Crowd crowd, LoadSource source)
{
    private readonly string _add = new JsonObject
    {
        ["torrent"] = Convert.ToBase64String(source.Torrent),
        ["peers"] = new JsonArray(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{source.Port}")),
    }.ToJsonString();

    /// <summary>Downloads it once.</summary>
    /// <param name="sample">What it counts to.</param>
    /// <param name="load">What calls the API meanwhile.</param>
    /// <param name="requests">How often.</param>
    /// <param name="span">What the calls are spread over, if they are.</param>
    /// <param name="stop">Ends it.</param>
    public async Task PartAsync(LoadSample sample, Load load, int requests, TimeSpan span, CancellationToken stop)
    {
        var (cpu, clients, switches) = (service.Cpu(), crowd.Cpu, ThreadSwitches.Of(service.Id));
        var (answered, errors, at, latencies) = (crowd.Answered, crowd.Errors, crowd.Elapsed, crowd.Latencies.Count);
        var from = Stopwatch.GetTimestamp();
        using var added = await rpc.Http.PostAsync("/api/v1/torrents", new StringContent(_add, Encoding.UTF8, "application/json"), stop);
        added.EnsureSuccessStatusCode();
        var calls = load == Load.None ? Task.CompletedTask : crowd.RunAsync(requests, load == Load.Spread ? span : TimeSpan.Zero, stop);
        await SeedingAsync(added.Headers.Location!.OriginalString, stop);
        sample.Elapsed += Stopwatch.GetElapsedTime(from);
        sample.Meanwhile += crowd.Answered - answered;
        await calls;
        sample.Cpu += service.Cpu() - cpu;
        sample.ClientCpu += crowd.Cpu - clients;
        sample.Switches += ThreadSwitches.Of(service.Id) - switches;
        sample.Requests += crowd.Answered - answered;
        sample.Errors += crowd.Errors - errors;
        sample.Span += crowd.Elapsed - at;
        sample.Latencies.AddRange(crowd.Latencies.Skip(latencies));
        using var removed = await rpc.Http.DeleteAsync($"/api/v1/torrents/{source.InfoHash}?withData=true", stop);
        removed.EnsureSuccessStatusCode();
    }

    private async Task SeedingAsync(string location, CancellationToken stop)
    {
        var id = $"\"id\":{location[(location.LastIndexOf('/') + 1)..]},";
        while (await events.ReadLineAsync(stop) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal) && line.Contains(id, StringComparison.Ordinal) && line.Contains("\"phase\":\"seeding\"", StringComparison.Ordinal))
                return;
        }
        throw new InvalidDataException("The service ended its events.");
    }
}
