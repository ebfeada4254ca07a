namespace ActorTorrent.Engine.Tests.Hostile;

/// <summary>Tests that measure memory and time of the whole process run after the others, one after the other.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
