namespace ActorTorrent.Lab.Tests.Demo;

/// <summary>Tests whose outcomes are deadlines: nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class DeadlineCollection
{
    public const string Name = "deadlines";
}
