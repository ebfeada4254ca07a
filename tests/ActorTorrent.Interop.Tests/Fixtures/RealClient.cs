namespace ActorTorrent.Interop.Tests.Fixtures;

/// <summary>The clients that the tests talk to.</summary>
public enum RealClient
{
    Transmission,
    Aria2,
    Libtorrent,
}
