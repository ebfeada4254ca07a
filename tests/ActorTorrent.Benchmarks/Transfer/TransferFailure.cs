namespace ActorTorrent.Benchmarks.Transfer;

/// <summary>A transfer that came to nothing.</summary>
/// <param name="Row">The row.</param>
/// <param name="Client">The program.</param>
/// <param name="What">What was wrong, with the program's last words.</param>
internal sealed record TransferFailure(string Row, TransferClient Client, string What);
