namespace ActorTorrent.Benchmarks.Transfer;

/// <summary>The programs that are measured.</summary>
internal enum TransferClient
{
    Ours,
    Libtorrent,
    Aria2,
    Transmission,
}
