namespace ActorTorrent.Benchmarks.Start;

/// <summary>When a program did what, in timestamps of <see cref="System.Diagnostics.Stopwatch"/>.</summary>
/// <param name="Dialled">Its connection was accepted.</param>
/// <param name="Greeted">Its handshake was there.</param>
/// <param name="Asked">Its first request was there.</param>
internal sealed record StartTimes(long Dialled, long Greeted, long Asked);
