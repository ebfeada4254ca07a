namespace ActorTorrent.Benchmarks.Transfer;

/// <summary>One run of libtorrent's script, which says what it does in lines of JSON.</summary>
internal sealed class LibtorrentRun : MeasuredRun
{
    public LibtorrentRun(ClientProcess process, int port)
        : base(process) => Port = port;

    public override async Task ReadyAsync(CancellationToken stop) => await Process.EventAsync(stop, "ready");

    public override async Task<long> CompleteAsync(CancellationToken stop)
    {
        var (complete, at) = await Process.EventAsync(stop, "complete");
        CpuUntilComplete = (double)complete["cpu"]!;
        return at;
    }
}
