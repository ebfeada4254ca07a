using System.Globalization;

namespace ActorTorrent.Benchmarks.Runtime;

/// <summary>The command <c>runtime</c>: measures the actor runtime that this program was built with, through its public API alone.</summary>
internal static class RuntimeCommand
{
    public const string Usage =
        "usage: runtime [--rounds N] [--only TEXT] | runtime --idle ACTORS | runtime --stress MINUTES";

    /// <summary>Runs what the arguments ask for.</summary>
    /// <returns>0 done, 1 a stress run that found somebody stuck, 2 wrong arguments.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var rounds = 7;
        string? only = null;
        for (var i = 0; i < arguments.Length; i++)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            switch (arguments[i])
            {
                case "--idle" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var actors) && actors > 0:
                    return await IdleActors.RunAsync(actors);
                case "--stress" when double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var minutes) && minutes > 0:
                    return await WakeUpStress.RunAsync(TimeSpan.FromMinutes(minutes));
                case "--rounds" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out rounds) && rounds > 0:
                    i++;
                    break;
                case "--only" when value.Length > 0:
                    only = value;
                    i++;
                    break;
                default:
                    await Console.Error.WriteLineAsync(Usage);
                    return 2;
            }
        }

        await Table.PrintAsync(rounds, only);
        return 0;
    }
}
