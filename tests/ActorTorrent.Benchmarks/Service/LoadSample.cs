namespace ActorTorrent.Benchmarks.Service;

/// <summary>One download.</summary>
/// <param name="Elapsed">From the torrent's being added until it seeds.</param>
/// <param name="Cpu">CPU time of the service in all that, the rest of the requests included.</param>
/// <param name="Requests">Requests answered.</param>
/// <param name="Errors">Answers that were no success, and connections that failed.</param>
/// <param name="Meanwhile">Requests answered before the download's end.</param>
/// <param name="Half">Milliseconds that half of the answers came within.</param>
/// <param name="Most">Milliseconds that 99 of 100 came within.</param>
internal sealed record LoadSample(TimeSpan Elapsed, TimeSpan Cpu, int Requests, int Errors, int Meanwhile, double Half, double Most);
