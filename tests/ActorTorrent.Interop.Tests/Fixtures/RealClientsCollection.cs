namespace ActorTorrent.Interop.Tests.Fixtures;

/// <summary>The tests that share the large content.</summary>
[CollectionDefinition(Name)]
public sealed class RealClientsCollection : ICollectionFixture<LargeContent>
{
    public const string Name = "real clients";
}
