/** A class that Chronicle Map would otherwise generate and compile in every JVM, in the package where it looks for it. */
package net.openhft.chronicle.hash;
