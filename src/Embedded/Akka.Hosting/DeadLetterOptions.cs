using System.Globalization;
using System.Text;

namespace Akka.Hosting;

public class DeadLetterOptions
{
    public DeadLetterOptions()
    {
    }

    public TriStateValue ShouldLog { get; set; } = TriStateValue.All;

    public int LogCount { get; set; }

    public bool? LogDuringShutdown { get; set; }

    public TimeSpan? LogSuspendDuration { get; set; }

    public override string ToString()
    {
        var text = new StringBuilder("akka.log-dead-letters = ").Append(ShouldLog switch
        {
            TriStateValue.None => "off",
            TriStateValue.All => "on",
            _ => LogCount.ToString(CultureInfo.InvariantCulture),
        }).AppendLine();
        if (LogDuringShutdown is { } during)
            text.Append("akka.log-dead-letters-during-shutdown = ").AppendLine(during ? "on" : "off");
        if (LogSuspendDuration is { } pause)
        {
            text.Append("akka.log-dead-letters-suspend-duration = ")
                .Append(pause == Timeout.InfiniteTimeSpan ? "infinite" : pause.TotalMilliseconds.ToString(CultureInfo.InvariantCulture) + "ms")
                .AppendLine();
        }

        return text.ToString();
    }
}
