"""Makes what the package ships: today the calibration of its reader."""
