using System.Text.Json.Nodes;

namespace ActorTorrent.Benchmarks.Transfer;

/// <summary>One run of our own program, which says what it does in lines of JSON.</summary>
internal sealed class OurRun(ClientProcess process) : MeasuredRun(process)
{
    private JsonObject? _before;

    public override async Task ReadyAsync(CancellationToken stop)
    {
        var (seeding, _) = await Process.EventAsync(stop, "seeding");
        Port = (int)seeding["port"]!;
        _before = seeding["runtime"]?.AsObject();
    }

    public override async Task<long> CompleteAsync(CancellationToken stop)
    {
        _before = (await Process.EventAsync(stop, "started")).Event["runtime"]?.AsObject();
        var (complete, at) = await Process.EventAsync(stop, "complete");
        Take(complete);
        return at;
    }

    public override async Task StopAsync(CancellationToken stop)
    {
        await base.StopAsync(stop);
        Take((await Process.EventAsync(stop, "stopped")).Event);
    }

    private void Take(JsonObject line)
    {
        if (_before is not null && line["runtime"] is JsonObject after)
            Heap = (_before, after);
    }
}
