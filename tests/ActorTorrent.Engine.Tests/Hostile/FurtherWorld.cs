namespace ActorTorrent.Engine.Tests.Hostile;

/// <summary>The same for the cases beyond the list.</summary>
public sealed class FurtherWorld : HostileWorld
{
    internal override IReadOnlyList<HostileCase> Cases => HostileCases.Further;

    internal override string TableFile => "hostile-further.md";
}
