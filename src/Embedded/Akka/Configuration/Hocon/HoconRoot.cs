namespace Akka.Configuration.Hocon;

public class HoconRoot
{
    protected HoconRoot()
    {
    }

    public HoconRoot(HoconValue value)
    {
        Value = value;
    }

    public HoconValue Value { get; }
}
