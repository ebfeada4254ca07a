using System.Diagnostics;
using System.Text.Json.Nodes;
using ActorTorrent.Interop.Tests.Fixtures;

namespace ActorTorrent.Benchmarks.Transfer;

/// <summary>One run of transmission-daemon, steered through its RPC.</summary>
internal sealed class TransmissionRun : MeasuredRun
{
    private readonly TransferScene _scene;
    private readonly TransmissionRpc _rpc;
    private readonly bool _isFetching;

    public TransmissionRun(ClientProcess process, TransferScene scene, int port, int rpcPort, bool isFetching)
        : base(process)
    {
        _scene = scene;
        _rpc = new TransmissionRpc(rpcPort);
        _isFetching = isFetching;
        Port = port;
    }

    public override bool EndsByItself => false;

    public override async Task ReadyAsync(CancellationToken stop)
    {
        await Poll.Until("transmission answers its RPC", () => AnswersAsync(stop), stop);
        // By its path: the request stays small.
        await _rpc.Call("torrent-add", new JsonObject { ["filename"] = _scene.Content.Torrent }, stop);
        await Poll.Until(
            "transmission has started the torrent",
            async () => (int?)(await _rpc.State(stop, "status"))["status"] is { } status && (_isFetching ? status is not TransmissionRpc.Stopped : status is TransmissionRpc.Seeding),
            stop);
    }

    public override async Task<long> CompleteAsync(CancellationToken stop)
    {
        await ReadyAsync(stop);
        foreach (var seeder in _scene.Opposite)
            await seeder.TellAsync(EndPoint);
        await Poll.Until(
            "transmission has fetched everything",
            async () =>
            {
                Process.MustRun();
                var state = await _rpc.State(stop, "leftUntilDone", "status", "error", "errorString", "downloadedEver");
                if ((int?)state["error"] is 3)
                    throw Process.Failure($"it said {state["errorString"]}");
                if (FirstPayloadAt is null && (long?)state["downloadedEver"] > 0)
                    FirstPayloadAt = Stopwatch.GetTimestamp();
                return (long?)state["leftUntilDone"] == 0 && (int?)state["status"] == TransmissionRpc.Seeding;
            },
            stop);
        CpuUntilComplete = Process.Cpu().TotalSeconds;
        return Stopwatch.GetTimestamp();
    }

    public override ValueTask DisposeAsync()
    {
        _rpc.Dispose();
        return base.DisposeAsync();
    }

    private async Task<bool> AnswersAsync(CancellationToken stop)
    {
        Process.MustRun();
        return await _rpc.Answers(stop);
    }
}
