using ActorTorrent.Engine.Faults;

namespace ActorTorrent.Service.Session;

/// <summary>A fault with its number in this session, for those who want to go on where they were.</summary>
/// <param name="Number">Counted from 1 since the start.</param>
/// <param name="Entry">The fault.</param>
public sealed record NumberedFault(long Number, FaultJournalEntry Entry);
