namespace ActorTorrent.Benchmarks.Runtime;

/// <summary>From where a ball comes.</summary>
internal enum StressPath
{
    /// <summary>Out of the handler of the other player.</summary>
    Actor,

    /// <summary>From a task of the thread pool.</summary>
    Task,

    /// <summary>Now one, now the other, and now and then a timer.</summary>
    Mixed,
}
