namespace ActorTorrent.Lab.Reports;

/// <summary>How long goodput took to come back after a fault.</summary>
/// <param name="Mark">The fault.</param>
/// <param name="Seconds">
/// From the fault to the first second in which nine tenths of the rate before the first fault are reached again; 0 when the rate never fell below that. When
/// it was not reached: how long the wait was.
/// </param>
/// <param name="IsReached">Whether it was reached before the next fault or the end.</param>
public sealed record Recovery(FaultMark Mark, double Seconds, bool IsReached);
