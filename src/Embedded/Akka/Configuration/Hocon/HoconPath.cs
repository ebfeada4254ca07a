namespace Akka.Configuration.Hocon;

internal static class HoconPath
{
    public static List<string> Split(string path)
    {
        var parts = new List<string>();
        var start = 0;
        var quoted = false;
        for (var i = 0; i <= path.Length; i++)
        {
            if (i < path.Length && path[i] == '"')
                quoted = !quoted;
            if (i < path.Length && (quoted || path[i] != '.'))
                continue;
            parts.Add(path[start..i].Trim().Trim('"'));
            start = i + 1;
        }

        return parts;
    }

    public static HoconValue Find(HoconValue value, List<string> path, int depth)
    {
        for (; value is not null && depth < path.Count; depth++)
            value = value.GetObject()?.GetKey(path[depth]);
        return value;
    }
}
