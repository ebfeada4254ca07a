namespace ActorTorrent.Engine.Tests.Probing;

/// <summary>Tests whose outcomes are deadlines: nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProbingCollection
{
    public const string Name = "probing";
}
