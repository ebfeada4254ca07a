namespace ActorTorrent.Engine.Tests.Discovery.Dht;

/// <summary>What a node of the simulation is.</summary>
internal enum SimulatedKind
{
    /// <summary>Our own code.</summary>
    Honest,

    /// <summary>It joined, so that others know it, and then fell silent.</summary>
    Dead,

    /// <summary>It names nodes near every target that do not exist.</summary>
    NamesGhosts,

    /// <summary>It names other liars alone, and peers that do not exist.</summary>
    NamesAccomplices,

    /// <summary>It answers under another id each time.</summary>
    ChangesId,

    /// <summary>It answers with garbage, or to other queries than those that were asked.</summary>
    SendsGarbage,
}
