using ActorTorrent.Wire.Peers;

namespace ActorTorrent.Engine.Resume;

/// <summary>What resume data is worth against the files as they are.</summary>
/// <param name="Trusted">Pieces that are there without a look at their bytes.</param>
/// <param name="Suspect">Pieces that have to be hashed, because a file they lie in is not as it was.</param>
internal sealed record ResumeVerdict(Bitfield Trusted, Bitfield Suspect);
