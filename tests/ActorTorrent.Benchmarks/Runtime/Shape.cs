namespace ActorTorrent.Benchmarks.Runtime;

/// <summary>A line of the table: one pattern of messages, with the same pattern over bare queues and the thread pool as its floor.</summary>
/// <param name="Name">What the line is called.</param>
/// <param name="Round">A round with actors.</param>
/// <param name="Floor">A round without.</param>
internal sealed record Shape(string Name, Func<Task<Sample>> Round, Func<Task<Sample>>? Floor);
