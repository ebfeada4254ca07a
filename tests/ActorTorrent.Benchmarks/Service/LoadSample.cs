namespace ActorTorrent.Benchmarks.Service;

/// <summary>Downloads, one after the other.</summary>
/// <param name="Load">What called the API meanwhile.</param>
/// <param name="Elapsed">From each torrent's being added until it seeds, all together.</param>
/// <param name="Cpu">CPU time of the service in all that, the rest of the requests included.</param>
/// <param name="ClientCpu">CPU time of who called.</param>
/// <param name="Requests">Requests answered.</param>
/// <param name="Errors">Answers that were no success, and connections that failed.</param>
/// <param name="Meanwhile">Requests answered before their end.</param>
/// <param name="Span">How long the requests took, the first to the last.</param>
/// <param name="Half">Milliseconds that half of the answers came within.</param>
/// <param name="Most">Milliseconds that 99 of 100 came within.</param>
internal sealed record LoadSample(
    Load Load, TimeSpan Elapsed, TimeSpan Cpu, TimeSpan ClientCpu, int Requests, int Errors, int Meanwhile, TimeSpan Span, double Half, double Most);
